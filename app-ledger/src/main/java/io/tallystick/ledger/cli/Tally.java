package io.tallystick.ledger.cli;

import io.tallystick.config.ConfigException;
import io.tallystick.crypto.KeyFileException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command line: {@code tally COMMAND}. */
@Command(
    name = "tally",
    description = "An append-only audit ledger that nobody can alter alone.",
    synopsisSubcommandLabel = "COMMAND",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    subcommands = {
      DevCommand.class,
      ReplicaCommand.class,
      GatewayCommand.class,
      InitCommand.class,
      DemoCommand.class,
      AppendCommand.class,
      GetCommand.class,
      StatusCommand.class,
      ExportCommand.class,
      VerifyCommand.class,
      BenchCommand.class,
      ConfigCommand.class,
      TokenCommand.class,
      CommandLine.HelpCommand.class
    },
    footer = {
      "",
      "Exit status: 0 done, 1 failed, 2 usage or configuration, 3 outcome unknown,",
      "4 verification failed, 5 a person must look."
    })
public final class Tally implements Runnable {
  @Spec private CommandSpec spec;

  /** Made by {@link #main}, and by tests through {@link #run}. */
  Tally() {}

  /** Runs one command, and ends the process with its status. */
  public static void main(String[] args) {
    PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
    PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
    int status = run(out, err, args);
    out.flush();
    err.flush();
    System.exit(status);
  }

  /** Runs one command with these streams; answers its exit status. */
  static int run(PrintWriter out, PrintWriter err, String... args) {
    return new CommandLine(new Tally())
        .setOut(out)
        .setErr(err)
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setParameterExceptionHandler(Tally::misused)
        .setExecutionExceptionHandler((e, line, parsed) -> failed(e, line))
        .execute(args);
  }

  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }

  private static int misused(ParameterException e, String[] args) {
    CommandLine line = e.getCommandLine();
    PrintWriter err = line.getErr();
    err.println("tally: " + e.getMessage());
    CommandLine.UnmatchedArgumentException.printSuggestions(e, err);
    err.println("Try '" + line.getCommandSpec().qualifiedName() + " --help'.");
    err.flush();
    return ExitStatus.USAGE;
  }

  private static int failed(Exception e, CommandLine line) {
    line.getOut().flush();
    PrintWriter err = line.getErr();
    String message = String.valueOf(e.getMessage());
    int status =
        switch (e) {
          case CommandException failure -> failure.status();
          case ConfigException config -> ExitStatus.USAGE;
          case KeyFileException key -> ExitStatus.USAGE;
          case IOException io -> {
            message = Failures.reason(io);
            yield ExitStatus.FAILED;
          }
          default -> {
            message = "a fault of Tallystick's own: " + e;
            yield ExitStatus.FAILED;
          }
        };
    err.println("tally: " + message);
    if (System.getenv("TALLY_DEBUG") != null) {
      trace(e, err);
    } else if (message.startsWith("a fault of")) {
      err.println("Set TALLY_DEBUG=1 to see where.");
    }
    err.flush();
    return status;
  }

  private static void trace(Throwable e, PrintWriter err) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      err.println(cause);
      for (StackTraceElement frame : cause.getStackTrace()) {
        err.println("  at " + frame);
      }
    }
  }
}
