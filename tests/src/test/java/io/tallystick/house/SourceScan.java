package io.tallystick.house;

import com.sun.source.tree.AnnotationTree;
import com.sun.source.tree.CatchTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.LineMap;
import com.sun.source.tree.MethodInvocationTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.ModifiersTree;
import com.sun.source.tree.PackageTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.TreePathScanner;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import javax.lang.model.element.Modifier;
import org.jspecify.annotations.Nullable;

/** Walks a source's tree, as the JDK's compiler sees it, for what the house rules forbid. */
final class SourceScan extends TreePathScanner<@Nullable Void, @Nullable Void> {
  static final int METHOD_LINES_MAX = 60;
  static final int PARAMETERS_MAX = 5;

  private static final Pattern EMPTY_NAME =
      Pattern.compile(".*(Manager|Helper|Utils?|Impl|Data|Info)");
  private static final Pattern GETTER = Pattern.compile("get\\p{Lu}.*");
  private static final Set<String> SLEEPS = Set.of("sleep", "parkNanos", "parkUntil");
  private static final Set<String> SLEEPERS =
      Set.of("Thread", "LockSupport", "NANOSECONDS", "MICROSECONDS", "MILLISECONDS", "SECONDS");

  private final SourceFile source;
  private final SourceFile.Parsed parsed;
  private final List<String> found = new ArrayList<>();

  private SourceScan(SourceFile source, SourceFile.Parsed parsed) {
    this.source = source;
    this.parsed = parsed;
  }

  static List<String> violations(SourceFile source) throws IOException {
    SourceScan scan = new SourceScan(source, source.parse());
    scan.scan(scan.parsed.unit(), null);
    return scan.found;
  }

  /** Whether this package-info has Javadoc, and marks its package. */
  static boolean isNullMarkedPackage(SourceFile source) throws IOException {
    PackageTree tree = source.parse().unit().getPackage();
    return tree != null
        && source.text().stripLeading().startsWith("/**")
        && tree.getAnnotations().stream().anyMatch(a -> simpleName(a).equals("NullMarked"));
  }

  @Override
  public @Nullable Void visitClass(ClassTree tree, @Nullable Void unused) {
    if (EMPTY_NAME.matcher(tree.getSimpleName()).matches()) {
      report(tree, tree.getSimpleName() + ": a name that says nothing");
    }
    return super.visitClass(tree, null);
  }

  @Override
  public @Nullable Void visitMethod(MethodTree tree, @Nullable Void unused) {
    String name = tree.getName().toString();
    LineMap lines = parsed.unit().getLineMap();
    long start = parsed.positions().getStartPosition(parsed.unit(), tree);
    long end = parsed.positions().getEndPosition(parsed.unit(), tree);
    if (start >= 0 && end > start) {
      long length = lines.getLineNumber(end - 1) - lines.getLineNumber(start) + 1;
      if (length > METHOD_LINES_MAX) {
        report(tree, name + ": " + length + " lines (expected: <= 60)");
      }
    }
    // What overrides a foreign method has to look like it; of our own, the first is reported.
    boolean overrides =
        tree.getModifiers().getAnnotations().stream()
            .anyMatch(annotation -> simpleName(annotation).equals("Override"));
    int parameters = tree.getParameters().size();
    if (parameters > PARAMETERS_MAX && !overrides && parameters != componentsAround()) {
      report(tree, name + ": " + parameters + " parameters (expected: <= 5)");
    }
    if (GETTER.matcher(name).matches() && !overrides) {
      report(tree, name + ": called like a bean's getter");
    }
    return super.visitMethod(tree, null);
  }

  /** How many components the record around the method has; -1: no record. */
  private int componentsAround() {
    Tree parent = getCurrentPath().getParentPath().getLeaf();
    if (!(parent instanceof ClassTree type) || type.getKind() != Tree.Kind.RECORD) {
      return -1;
    }
    int components = 0;
    for (Tree member : type.getMembers()) {
      if (member instanceof VariableTree variable && !isStatic(variable.getModifiers())) {
        components++;
      }
    }
    return components;
  }

  private static boolean isStatic(ModifiersTree modifiers) {
    return modifiers.getFlags().contains(Modifier.STATIC);
  }

  @Override
  public @Nullable Void visitAnnotation(AnnotationTree tree, @Nullable Void unused) {
    if (simpleName(tree).equals("Disabled")) {
      report(tree, "a disabled test");
    }
    return super.visitAnnotation(tree, null);
  }

  @Override
  public @Nullable Void visitCatch(CatchTree tree, @Nullable Void unused) {
    String body = text(tree.getBlock());
    if (tree.getBlock().getStatements().isEmpty() && !body.contains("//")) {
      report(tree, "an exception swallowed without a word");
    }
    return super.visitCatch(tree, null);
  }

  @Override
  public @Nullable Void visitMethodInvocation(MethodInvocationTree tree, @Nullable Void unused) {
    String called = tree.getMethodSelect().toString();
    String name = called.substring(called.lastIndexOf('.') + 1);
    if (name.equals("printStackTrace")) {
      report(tree, "printStackTrace");
    }
    if (source.isTest() && SLEEPS.contains(name) && sleeps(called)) {
      report(tree, "a test that sleeps: " + called);
    }
    return super.visitMethodInvocation(tree, null);
  }

  private static boolean sleeps(String called) {
    String owner = called.substring(0, Math.max(0, called.lastIndexOf('.')));
    return owner.isEmpty() || SLEEPERS.contains(owner.substring(owner.lastIndexOf('.') + 1));
  }

  private void report(Tree tree, String what) {
    long position = parsed.positions().getStartPosition(parsed.unit(), tree);
    long line = position < 0 ? 0 : parsed.unit().getLineMap().getLineNumber(position);
    found.add(source.path() + ":" + line + ": " + what);
  }

  private String text(Tree tree) {
    int start = (int) parsed.positions().getStartPosition(parsed.unit(), tree);
    int end = (int) parsed.positions().getEndPosition(parsed.unit(), tree);
    return start < 0 || end < start ? "" : source.text().substring(start, end);
  }

  private static String simpleName(AnnotationTree annotation) {
    String name = annotation.getAnnotationType().toString();
    return name.substring(name.lastIndexOf('.') + 1);
  }
}
