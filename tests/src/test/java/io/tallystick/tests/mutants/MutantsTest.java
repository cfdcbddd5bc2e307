package io.tallystick.tests.mutants;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tallystick.tests.Checkout;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MutantsTest {
  @TempDir private Path scratch = Path.of("");

  @Test
  void putsEveryMistakeInItsPlace() throws Exception {
    List<Mutant> mutants = Corpus.all();
    assertTrue(mutants.size() >= 20, "mutants: " + mutants.size());
    for (Mutant mutant : mutants) {
      assertTrue(mutant.text(Checkout.find().home()).contains(mutant.wrong()), mutant.name());
    }
  }

  @Test
  void findsMistakesOfTwoKinds() throws Exception {
    Hunt hunt = new Hunt(Checkout.find().home(), scratch, 1);
    for (String name : List.of("votes leave before", "view-changes keep certificates")) {
      Mutant mutant =
          Corpus.all().stream().filter(m -> m.name().startsWith(name)).findFirst().orElseThrow();
      Optional<String> how = hunt.run(mutant, 0);
      assertTrue(how.isPresent(), mutant.name());
    }
  }
}
