package io.tallystick.ledger.cli;

import picocli.CommandLine.IVersionProvider;

/** The software's version, from the jar's manifest. */
public final class Version implements IVersionProvider {
  /** Stands for a version where there is no manifest: classes that weren't packaged. */
  private static final String UNPACKAGED = "0.1.0-SNAPSHOT";

  @Override
  public String[] getVersion() {
    return new String[] {"tally " + text() + ", Java " + Runtime.version().feature()};
  }

  /** The bare version. */
  public static String text() {
    String version = Version.class.getPackage().getImplementationVersion();
    return version == null ? UNPACKAGED : version;
  }
}
