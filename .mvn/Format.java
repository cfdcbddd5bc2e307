import com.google.googlejavaformat.java.Main;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;

/**
 * Runs google-java-format over every Java source of this repository, in one JVM: {@code check}
 * names the files that differ and exits with 1, {@code apply} rewrites them.
 *
 * <p>The parent POM runs it on the toolchain's JDK: inside Maven's own, which may be an older one,
 * google-java-format doesn't know today's syntax.
 */
public final class Format {

  private Format() {}

  public static void main(String[] args) throws Exception {
    boolean apply = args.length == 2 && args[0].equals("apply");
    if (!apply && !(args.length == 2 && args[0].equals("check"))) {
      System.err.println("usage: Format check|apply DIRECTORY");
      System.exit(2);
    }
    List<String> command =
        new ArrayList<>(
            apply ? List.of("--replace") : List.of("--dry-run", "--set-exit-if-changed"));
    List<String> sources = sources(Path.of(args[1]).toRealPath());
    command.addAll(sources);
    PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
    PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
    int status = new Main(out, err, System.in).format(command.toArray(String[]::new));
    out.flush();
    err.flush();
    if (status != 0 && !apply) {
      System.err.println("The files named above aren't formatted. To mend it, run");
      System.err.println("    mvn -q -N -Pformat process-sources");
    }
    System.exit(status);
  }

  /** All Java files below a {@code src} directory, and this one; never what a build made. */
  private static List<String> sources(Path root) throws IOException {
    List<String> found = new ArrayList<>();
    Files.walkFileTree(
        root,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
            String name = String.valueOf(directory.getFileName());
            boolean ours =
                directory.equals(root)
                    || name.equals(".mvn")
                    || !(name.equals("target") || name.startsWith("."));
            return ours ? FileVisitResult.CONTINUE : FileVisitResult.SKIP_SUBTREE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            Path relative = root.relativize(file);
            boolean ours = relative.startsWith(".mvn");
            for (Path part : relative) {
              ours |= part.toString().equals("src");
            }
            if (ours && file.toString().endsWith(".java")) {
              found.add(file.toString());
            }
            return FileVisitResult.CONTINUE;
          }
        });
    found.sort(null);
    return found;
  }
}
