package io.tallystick.tests.tla;

import io.tallystick.tests.Arguments;
import io.tallystick.tests.Checkout;
import io.tallystick.tests.Instrument;
import io.tallystick.tests.UsageException;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** Checks the specification at several sizes, and that each broken copy of it is found out. */
public final class ModelCheck implements Instrument {
  private static final String ROW = "%-26s %4s %5s %5s %8s %7s %10s %8s  %s";

  @Override
  public String name() {
    return "tla";
  }

  @Override
  public String usage() {
    return "tla [--small | --large] [--workers N] [--minutes M]: TLC on the specification, and on"
        + " six broken copies; M bounds each model";
  }

  @Override
  public int run(Arguments arguments, PrintStream out)
      throws IOException, InterruptedException, UsageException {
    boolean small = arguments.flag("--small");
    boolean large = arguments.flag("--large");
    int workers = (int) Math.min(64, arguments.number("--workers", 1, 1));
    long minutes = arguments.number("--minutes", 240, 1);
    arguments.end();
    if (small && large) {
      throw new UsageException("--small and --large exclude each other");
    }
    List<Model> models = small ? Model.small() : large ? Model.large() : Model.medium();
    Tlc tlc = new Tlc(specification(), workers, minutes, small);
    return check(models, tlc, out);
  }

  private static Path specification() {
    return Checkout.find().home().resolve("tests/tla/Tallystick.tla");
  }

  private static int check(List<Model> models, Tlc tlc, PrintStream out)
      throws IOException, InterruptedException {
    out.println(
        ROW.formatted(
                "rules",
                "liar",
                "slots",
                "views",
                "interval",
                "crashes",
                "states",
                "seconds",
                "result")
            .stripTrailing());
    long states = 0;
    int found = 0;
    int expected = 0;
    boolean well = true;
    for (Model model : models) {
      Tlc.Outcome outcome = tlc.check(model);
      states += outcome.states();
      boolean violated = outcome.verdict() == Tlc.Verdict.VIOLATED;
      expected += model.isBroken() ? 1 : 0;
      found += model.isBroken() && violated ? 1 : 0;
      if (outcome.verdict() == Tlc.Verdict.FAILED || violated != model.isBroken()) {
        well = false;
        System.err.println(outcome.output());
      }
      out.println(row(model, outcome));
    }
    out.printf(
        "specs=%d states=%d violations_expected=%d found=%d%n",
        expected + 1, states, expected, found);
    return well ? ALL_WELL : VIOLATIONS;
  }

  private static String row(Model model, Tlc.Outcome outcome) {
    String result =
        switch (outcome.verdict()) {
          case HOLDS -> "holds in all of them";
          case VIOLATED -> "broken after " + (outcome.steps() - 1) + " steps";
          case FAILED -> "not checked";
        };
    return ROW.formatted(
        model.title(),
        model.liar(),
        model.slots(),
        model.views(),
        model.interval(),
        model.crashes(),
        outcome.states(),
        String.format(Locale.ROOT, "%.1f", outcome.millis() / 1000.0),
        result);
  }
}
