package io.tallystick.house;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget.CodeUnitCallTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchRule;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Who may import whom (design 2), for the packages below one root: the real one, or the seeded one
 * that shows the rules to bite.
 */
record ArchitectureRules(String root) {
  private static final String CRYPTO = "io.tallystick.crypto";

  /** Each module's package, and the modules whose code it may use. */
  private static final Map<String, List<String>> MODULES = modules();

  /** Of java.util, what has no defined order, or isn't the same in every run. */
  private static final Set<String> UNDEFINED_ORDER =
      Set.of(
          "java.util.Calendar",
          "java.util.Date",
          "java.util.HashMap",
          "java.util.HashSet",
          "java.util.Hashtable",
          "java.util.IdentityHashMap",
          "java.util.Locale",
          "java.util.Properties",
          "java.util.Random",
          "java.util.Scanner",
          "java.util.ServiceLoader",
          "java.util.SplittableRandom",
          "java.util.TimeZone",
          "java.util.Timer",
          "java.util.TimerTask",
          "java.util.UUID",
          "java.util.WeakHashMap");

  private static final Set<String> OUTSIDE_WORLD =
      Set.of(
          "java.lang.ClassLoader",
          "java.lang.InheritableThreadLocal",
          "java.lang.Process",
          "java.lang.ProcessBuilder",
          "java.lang.ProcessHandle",
          "java.lang.Runtime",
          "java.lang.ScopedValue",
          "java.lang.Thread",
          "java.lang.ThreadGroup",
          "java.lang.ThreadLocal");

  private static final Set<String> THREADS =
      Set.of(
          "java.lang.Thread",
          "java.util.Timer",
          "java.util.concurrent.CompletableFuture",
          "java.util.concurrent.ExecutorService",
          "java.util.concurrent.Executors",
          "java.util.concurrent.ForkJoinPool",
          "java.util.concurrent.ScheduledExecutorService",
          "java.util.concurrent.ScheduledThreadPoolExecutor",
          "java.util.concurrent.StructuredTaskScope",
          "java.util.concurrent.ThreadPoolExecutor");

  private static final Set<String> UNORDERED_COLLECTORS =
      Set.of(
          "groupingBy",
          "groupingByConcurrent",
          "toConcurrentMap",
          "toMap",
          "toSet",
          "toUnmodifiableMap",
          "toUnmodifiableSet");

  private static Map<String, List<String>> modules() {
    Map<String, List<String>> modules = new LinkedHashMap<>();
    modules.put("crypto", List.of());
    modules.put("bft", List.of("crypto"));
    modules.put("config", List.of("crypto", "bft"));
    modules.put("network", List.of("crypto", "bft", "config"));
    modules.put("ledger", List.of("crypto", "bft", "config", "network"));
    return modules;
  }

  /** All of them, each with its own description. */
  List<ArchRule> all() {
    List<ArchRule> rules = new ArrayList<>(moduleRules());
    rules.add(engineImports());
    rules.add(engineAccesses());
    rules.add(onlyCodecEncodes());
    rules.add(onlyVerifyVerifies());
    rules.add(onlyTheHostAndTheJournalHaveThreads());
    return rules;
  }

  List<ArchRule> moduleRules() {
    List<ArchRule> rules = new ArrayList<>();
    MODULES.forEach(
        (module, allowed) -> {
          List<String> forbidden = new ArrayList<>(MODULES.keySet());
          forbidden.remove(module);
          forbidden.removeAll(allowed);
          if (!forbidden.isEmpty()) {
            rules.add(
                noClasses()
                    .that(in(module))
                    .should()
                    .dependOnClassesThat(in(forbidden.toArray(String[]::new)))
                    .because(module + " may use " + allowed + " and nothing else of ours"));
          }
        });
    return rules.stream().map(rule -> rule.allowEmptyShould(true)).toList();
  }

  /** The engine and the client's side know the vocabulary, and a sober part of the JDK. */
  ArchRule engineImports() {
    return classes()
        .that(in("bft.engine", "bft.client"))
        .should()
        .onlyDependOnClassesThat(
            in("bft.engine", "bft.client", "bft.message", "bft.membership")
                .or(describe("Verified", this::isVerified))
                .or(describe("crypto values", this::isCryptoValue))
                .or(describe("java.lang and java.util", ArchitectureRules::isPureJdk))
                .or(describe("JSpecify", type -> within(type, "org.jspecify"))))
        .because("the engine is a pure, deterministic state machine (design 2)")
        .allowEmptyShould(true);
  }

  /** What the engine may import but not call. */
  ArchRule engineAccesses() {
    return noClasses()
        .that(in("bft.engine", "bft.client"))
        .should()
        .accessTargetWhere(
            describe("reads a clock or the world, or has no defined order", a -> isImpure(a)))
        .because("the engine is a pure, deterministic state machine (design 2)")
        .allowEmptyShould(true);
  }

  ArchRule onlyCodecEncodes() {
    return noClasses()
        .that(in("bft").and(in("bft.codec", "bft.journal").negate()))
        .should()
        .dependOnClassesThat(
            describe("protobuf's", (JavaClass type) -> within(type, "com.google.protobuf")))
        .because("codec encodes, and nothing else (design 2)")
        .allowEmptyShould(true);
  }

  ArchRule onlyVerifyVerifies() {
    return noClasses()
        .that(in("bft", "config", "network", "ledger").and(in("bft.verify").negate()))
        .should()
        .accessTargetWhere(
            describe(
                "makes a Verified",
                access -> access.getName().equals("<init>") && isVerified(access.getTargetOwner())))
        .because("what the engine takes was verified (design 5)")
        .allowEmptyShould(true);
  }

  ArchRule onlyTheHostAndTheJournalHaveThreads() {
    return noClasses()
        .that(in("bft").and(in("bft.host", "bft.journal").negate()))
        .should()
        .dependOnClassesThat(
            describe("threads", (JavaClass type) -> THREADS.contains(base(type).getName())))
        .because("threads live in the host and the journal (design 2)")
        .allowEmptyShould(true);
  }

  private DescribedPredicate<JavaClass> in(String... packages) {
    List<String> names = new ArrayList<>();
    for (String name : packages) {
      names.add(root + "." + name);
    }
    return describe(
        "in " + String.join(", ", names),
        type -> names.stream().anyMatch(name -> within(type, name)));
  }

  private boolean isVerified(JavaClass type) {
    return base(type).getName().equals(root + ".bft.verify.Verified");
  }

  /** Of crypto, all but private keys, what handles them, and what reads files or draws numbers. */
  private boolean isCryptoValue(JavaClass type) {
    JavaClass value = base(type);
    boolean crypto = within(value, CRYPTO) || within(value, root + ".crypto");
    return crypto
        && !isSecret(value)
        && value.getDirectDependenciesFromSelf().stream()
            .noneMatch(dependency -> isSecret(base(dependency.getTargetClass())));
  }

  private static boolean isSecret(JavaClass type) {
    return type.getName().equals(CRYPTO + ".PrivateKey")
        || type.getName().equals("java.security.SecureRandom")
        || within(type, "java.nio.file");
  }

  private static boolean isPureJdk(JavaClass type) {
    JavaClass base = base(type);
    String name = base.getName();
    return switch (base.getPackageName()) {
      case "java.lang", "" ->
          OUTSIDE_WORLD.stream().noneMatch(n -> name.equals(n) || name.startsWith(n + "$"));
      case "java.lang.annotation", "java.lang.invoke", "java.lang.runtime" -> true;
      case "java.util" -> !UNDEFINED_ORDER.contains(name);
      case "java.util.function", "java.util.stream" -> true;
      // System.out is a field of this type: what matters is caught by the rule on accesses.
      default -> false;
    };
  }

  private static boolean isImpure(JavaAccess<?> access) {
    String owner = access.getTargetOwner().getName();
    String name = access.getName();
    return switch (owner) {
      case "java.lang.System" -> !name.equals("arraycopy");
      case "java.lang.Math", "java.lang.StrictMath" -> name.equals("random");
      case "java.lang.Object" ->
          name.equals("hashCode") || name.equals("wait") || name.startsWith("notify");
      case "java.util.Set", "java.util.Map" ->
          name.equals("of") || name.equals("ofEntries") || name.equals("copyOf");
      case "java.util.stream.Collectors" ->
          UNORDERED_COLLECTORS.contains(name) && !namesItsCollection(access);
      default -> name.equals("parallelStream") || name.equals("parallel");
    };
  }

  /** Whether a collector is told which map to make: then the engine imports rule judges it. */
  private static boolean namesItsCollection(JavaAccess<?> access) {
    return access.getTarget() instanceof CodeUnitCallTarget target
        && target.getRawParameterTypes().stream()
            .anyMatch(type -> type.getName().equals("java.util.function.Supplier"));
  }

  private static boolean within(JavaClass type, String name) {
    String of = base(type).getPackageName();
    return of.equals(name) || of.startsWith(name + ".");
  }

  private static JavaClass base(JavaClass type) {
    return type.getBaseComponentType();
  }
}
