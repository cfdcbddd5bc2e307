package io.tallystick.crypto;

import java.security.GeneralSecurityException;
import java.security.Provider;
import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import javax.crypto.Mac;
import org.jspecify.annotations.Nullable;

/**
 * Finds the Amazon Corretto Crypto Provider where its jar is present and its native library loads;
 * everywhere else there is none, and nobody is bothered. It isn't registered with the runtime, so
 * nothing but this package uses it.
 */
final class Corretto {
  private static final String PROVIDER =
      "com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider";

  private static final @Nullable Provider FOUND = find();

  private Corretto() {}

  /** The provider, if it works here. */
  static Optional<Provider> provider() {
    return Optional.ofNullable(FOUND);
  }

  private static @Nullable Provider find() {
    try {
      Optional<Provider> provider =
          ServiceLoader.load(Provider.class, Corretto.class.getClassLoader()).stream()
              .filter(candidate -> candidate.type().getName().equals(PROVIDER))
              .map(ServiceLoader.Provider::get)
              .findFirst();
      if (provider.isEmpty()) {
        return null;
      }
      // Without its native library it exists, but has nothing to offer
      java.security.Signature.getInstance("Ed25519", provider.get());
      Mac.getInstance("HmacSHA256", provider.get());
      return provider.get();
    } catch (GeneralSecurityException
        | RuntimeException
        | LinkageError
        | ServiceConfigurationError e) {
      // Another platform: the callers' fallbacks do the same work
      return null;
    }
  }
}
