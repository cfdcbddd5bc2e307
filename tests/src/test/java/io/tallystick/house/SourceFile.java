package io.tallystick.house;

import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/** A Java source: its path in the repository, with slashes, and its text. */
record SourceFile(String path, String text) {
  private static final JavaCompiler COMPILER =
      Objects.requireNonNull(ToolProvider.getSystemJavaCompiler(), "a JDK's compiler");

  /** Made once: it is what takes the time. */
  private static final JavaFileManager FILES =
      COMPILER.getStandardFileManager(null, null, StandardCharsets.UTF_8);

  /** What the JDK's own parser makes of it. */
  record Parsed(CompilationUnitTree unit, SourcePositions positions) {}

  boolean isTest() {
    return path.contains("src/test/");
  }

  List<String> lines() {
    return text.lines().toList();
  }

  /** The directory that it is in. */
  String directory() {
    return path.substring(0, path.lastIndexOf('/') + 1);
  }

  String name() {
    return path.substring(path.lastIndexOf('/') + 1);
  }

  Parsed parse() throws IOException {
    JavaFileObject source =
        new SimpleJavaFileObject(URI.create("string:///" + path), JavaFileObject.Kind.SOURCE) {
          @Override
          public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return text;
          }
        };
    JavacTask task = (JavacTask) COMPILER.getTask(null, FILES, null, null, null, List.of(source));
    CompilationUnitTree unit = task.parse().iterator().next();
    return new Parsed(unit, Trees.instance(task).getSourcePositions());
  }
}
