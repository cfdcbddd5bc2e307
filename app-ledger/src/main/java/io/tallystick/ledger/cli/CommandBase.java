package io.tallystick.ledger.cli;

import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** What all commands have: streams, and {@code --help}. */
@Command(mixinStandardHelpOptions = true, versionProvider = Version.class)
abstract class CommandBase implements Callable<Integer> {
  @Spec private CommandSpec spec;

  /** For machines. */
  static final class JsonOption {
    @Option(names = "--json", description = "Print JSON instead of text.")
    boolean enabled;
  }

  PrintWriter out() {
    return spec.commandLine().getOut();
  }

  PrintWriter err() {
    return spec.commandLine().getErr();
  }

  /** A usage error, as picocli's own: status 2, and where help is. */
  RuntimeException misused(String message) {
    return new picocli.CommandLine.ParameterException(spec.commandLine(), message);
  }
}
