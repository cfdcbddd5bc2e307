package io.tallystick.config;

import io.tallystick.bft.membership.Quorums;
import io.tallystick.bft.membership.ReplicaId;
import io.tallystick.config.Genesis.Contents;
import io.tallystick.crypto.PublicKey;
import io.tallystick.crypto.note.MalformedNoteException;
import io.tallystick.crypto.note.VerifierKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** The document form of genesis, and the checks of it. */
final class GenesisJson {
  private static final Pattern ORIGIN = Pattern.compile("[a-z0-9][A-Za-z0-9._~:/@-]{0,199}");
  private static final int GRANTS_MAX = 1_024;

  private GenesisJson() {}

  static JsonObject write(Contents contents) {
    List<JsonObject> replicas = new ArrayList<>();
    for (GenesisReplica replica : contents.replicas()) {
      replicas.add(
          new JsonObject()
              .put("id", replica.id().value())
              .put("name", replica.member().cosignatureName())
              .put("key", replica.member().identityKey().toBase64())
              .put("vkey", replica.cosignatureVkey().toString())
              .put("address", replica.address().toString()));
    }
    Administrators administrators = contents.administrators();
    return new JsonObject()
        .put("v", 1)
        .put("origin", contents.origin())
        .put("time", Rfc3339.format(contents.timeMicros()))
        .put("log_vkey", VerifierKey.log(contents.origin(), contents.logKey()).toString())
        .put("replicas", replicas)
        .put(
            "administrators",
            new JsonObject()
                .put("keys", administrators.keys().stream().map(PublicKey::toBase64).toList())
                .put("quorum", administrators.quorum()))
        .put("grants", contents.grants().stream().map(GrantSpec::toJson).toList())
        .put("parameters", ParameterRules.toJson(contents.parameters()));
  }

  static Contents read(JsonObject json) throws JsonException {
    json.allow(
        "administrators", "grants", "log_vkey", "origin", "parameters", "replicas", "time", "v");
    json.whole("v", 1, 1);
    String origin = json.text("origin");
    if (!isOrigin(origin)) {
      throw json.unfit(
          "origin",
          "\"" + origin + "\" (expected: a URL without scheme, like ledger.example/audit)");
    }
    Map<PublicKey, String> keys = new HashMap<>();
    PublicKey logKey = vkey(json, "log_vkey", origin, VerifierKey.ED25519);
    keys.put(logKey, "the log key");
    List<GenesisReplica> replicas = replicas(json, origin, keys);
    Administrators administrators = administrators(json.object("administrators"), keys);
    List<GrantSpec> grants = new ArrayList<>();
    for (JsonObject grant : json.objects("grants")) {
      GrantSpec spec = GrantSpec.of(grant);
      String other = keys.get(spec.client());
      if (other != null) {
        throw grant.unfit("client", "is " + other + " too (expected: a client's own key)");
      }
      grants.add(spec);
    }
    if (grants.size() > GRANTS_MAX) {
      throw json.unfit("grants", grants.size() + " (expected: " + GRANTS_MAX + " at most)");
    }
    return new Contents(
        origin,
        GrantSpec.time(json, "time"),
        logKey,
        replicas,
        administrators,
        grants,
        ParameterRules.of(json.object("parameters")));
  }

  /** Whether it can be a ledger's name, and a part of key names. */
  static boolean isOrigin(String text) {
    return ORIGIN.matcher(text).matches() && !text.contains("://");
  }

  private static List<GenesisReplica> replicas(
      JsonObject json, String origin, Map<PublicKey, String> keys) throws JsonException {
    List<JsonObject> list = json.objects("replicas");
    if (list.size() < Quorums.REPLICAS_MIN || list.size() > Quorums.REPLICAS_MAX) {
      throw json.unfit(
          "replicas",
          list.size()
              + " of them (expected: "
              + Quorums.REPLICAS_MIN
              + " to "
              + Quorums.REPLICAS_MAX
              + ")");
    }
    List<GenesisReplica> replicas = new ArrayList<>();
    Set<Address> addresses = new HashSet<>();
    int idMin = 0;
    for (JsonObject entry : list) {
      entry.allow("address", "id", "key", "name", "vkey");
      long value = entry.whole("id", 0, ReplicaId.VALUE_MAX);
      if (value < idMin) {
        throw entry.unfit("id", value + " (expected: ascending ids, each once)");
      }
      ReplicaId id = new ReplicaId((int) value);
      idMin = id.value() + 1;
      Address address = address(entry, "address");
      if (!addresses.add(address)) {
        throw entry.unfit("address", address + " twice (expected: one for each replica)");
      }
      PublicKey identity = GrantSpec.key(entry, "key");
      once(entry, "key", keys, identity, "the identity key of replica " + id.value());
      String name = GenesisReplica.cosignatureName(id, origin);
      if (!entry.text("name").equals(name)) {
        throw entry.unfit("name", "\"" + entry.text("name") + "\" (expected: " + name + ")");
      }
      PublicKey cosignature = vkey(entry, "vkey", name, VerifierKey.COSIGNATURE);
      once(entry, "vkey", keys, cosignature, "the cosignature key of replica " + value);
      replicas.add(GenesisReplica.of(id, origin, identity, cosignature, address));
    }
    return replicas;
  }

  private static void once(
      JsonObject json, String member, Map<PublicKey, String> keys, PublicKey key, String use)
      throws JsonException {
    String other = keys.putIfAbsent(key, use);
    if (other != null) {
      throw json.unfit(member, "is " + other + " too (expected: a key used for nothing else)");
    }
  }

  private static Administrators administrators(JsonObject json, Map<PublicKey, String> keys)
      throws JsonException {
    json.allow("keys", "quorum");
    List<PublicKey> administrators = new ArrayList<>();
    for (String text : json.texts("keys")) {
      PublicKey key = GrantSpec.key(new JsonObject().put("keys", text), "keys");
      once(json, "keys", keys, key, "an administrator's key");
      administrators.add(key);
    }
    if (administrators.isEmpty() || administrators.size() > Administrators.KEYS_MAX) {
      throw json.unfit(
          "keys", administrators.size() + " (expected: 1 to " + Administrators.KEYS_MAX + " keys)");
    }
    int quorum = (int) json.whole("quorum", 1, administrators.size());
    return new Administrators(administrators, quorum);
  }

  static Address address(JsonObject json, String key) throws JsonException {
    try {
      Address address = Address.parse(json.text(key));
      if (address.port() == 0) {
        throw json.unfit(key, "port 0 (expected: 1 to 65535)");
      }
      return address;
    } catch (IllegalArgumentException e) {
      throw json.unfit(key, String.valueOf(e.getMessage()));
    }
  }

  private static PublicKey vkey(JsonObject json, String key, String name, int type)
      throws JsonException {
    VerifierKey vkey;
    try {
      vkey = VerifierKey.parse(json.text(key));
    } catch (MalformedNoteException e) {
      throw json.unfit(key, String.valueOf(e.getMessage()));
    }
    if (!vkey.name().equals(name) || vkey.type() != type) {
      throw json.unfit(
          key,
          String.format(
              "name %s, type 0x%02x (expected: %s, 0x%02x)", vkey.name(), vkey.type(), name, type));
    }
    return vkey.publicKey();
  }
}
