package io.tallystick.bft.codec;

import io.tallystick.bft.codec.WireReader.Count;
import io.tallystick.bft.membership.Parameters;
import io.tallystick.bft.membership.ReplicaId;
import io.tallystick.bft.message.ClientMessage;
import io.tallystick.bft.message.ClientMessage.Answer;
import io.tallystick.bft.message.ClientMessage.Ask;
import io.tallystick.bft.message.ClientMessage.AskFull;
import io.tallystick.bft.message.ClientMessage.AskHead;
import io.tallystick.bft.message.ClientMessage.AskOutcome;
import io.tallystick.bft.message.ClientMessage.AskRead;
import io.tallystick.bft.message.ClientMessage.AskStanding;
import io.tallystick.bft.message.ClientMessage.BundleReply;
import io.tallystick.bft.message.ClientMessage.Full;
import io.tallystick.bft.message.ClientMessage.Greeting;
import io.tallystick.bft.message.ClientMessage.HeadAnswer;
import io.tallystick.bft.message.ClientMessage.LoggedHead;
import io.tallystick.bft.message.ClientMessage.OutcomeAnswer;
import io.tallystick.bft.message.ClientMessage.ReadAnswer;
import io.tallystick.bft.message.ClientMessage.Refusal;
import io.tallystick.bft.message.ClientMessage.RefusalReason;
import io.tallystick.bft.message.ClientMessage.Standing;
import io.tallystick.bft.message.ClientMessage.Submit;
import io.tallystick.bft.message.ClientMessage.Tip;
import io.tallystick.bft.message.HeadCosignature;
import io.tallystick.bft.message.Outcome;
import io.tallystick.bft.message.OutcomeKind;
import io.tallystick.bft.message.PublishedHead;
import io.tallystick.bft.message.RequestId;
import io.tallystick.bft.message.TreeHead;
import io.tallystick.crypto.Bytes;
import io.tallystick.crypto.Digest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** Encodes and decodes what clients and replicas say to each other ({@code client.proto}). */
public final class ClientCodec {
  private final CodecLimits limits;
  private final BundleCodec bundles;

  /** For a cluster with these parameters. */
  public ClientCodec(Parameters parameters) {
    limits = new CodecLimits(parameters);
    bundles = new BundleCodec(limits);
  }

  /** The payload of a frame that carries {@code message}. */
  public Bytes encode(ClientMessage message) {
    WireWriter out = new WireWriter(sizeHint(message));
    switch (message) {
      case Ask ask -> writeAsk(out, ask);
      case Answer answer -> writeAnswer(out, answer);
    }
    return out.toBytes();
  }

  /**
   * What a client asks, as a replica decodes it.
   *
   * @throws MalformedMessage when it is no such message, or over a limit
   */
  public Ask decodeAsk(Bytes payload) throws MalformedMessage {
    return WireReader.read("ask", payload, limits.messageBytesMax(), this::ask);
  }

  /**
   * What a replica answers, as a client decodes it.
   *
   * @throws MalformedMessage when it is no such message, or over a limit
   */
  public Answer decodeAnswer(Bytes payload) throws MalformedMessage {
    return WireReader.read("answer", payload, limits.messageBytesMax(), this::answer);
  }

  private static void writeAsk(WireWriter out, Ask ask) {
    switch (ask) {
      case Submit m -> out.message(1, () -> BundleCodec.write(out, m.bundle()));
      case AskFull m -> out.message(2, () -> out.bytes(1, m.bundle().unsafeArray()));
      case AskOutcome m ->
          out.message(
              3,
              () -> {
                out.integer(4, m.deadlineMicros());
                out.bytes(3, m.id().bytes());
                out.string(2, m.principal());
                out.integer(1, m.query());
              });
      case AskHead m -> out.message(4, () -> out.integer(1, m.query()));
      case AskRead m ->
          out.message(
              5,
              () -> {
                out.bytes(2, m.question());
                out.integer(1, m.query());
              });
      case AskStanding m -> out.message(6, () -> out.integer(1, m.query()));
    }
  }

  private Ask ask(WireReader in) throws MalformedMessage {
    int kind = in.nextField();
    return switch (kind) {
      case 1 -> new Submit(in.message(1, "submit", bundles::bundle));
      case 2 -> new AskFull(in.message(2, "ask_full", nested -> nested.digest(1, "bundle")));
      case 3 -> in.message(3, "ask_outcome", ClientCodec::askOutcome);
      case 4 -> new AskHead(in.message(4, "ask_head", ClientCodec::query));
      case 5 ->
          in.message(
              5,
              "ask_read",
              nested ->
                  new AskRead(
                      query(nested), nested.bytes(2, "question", CodecLimits.QUESTION_BYTES_MAX)));
      case 6 -> new AskStanding(in.message(6, "ask_standing", ClientCodec::query));
      default -> throw new MalformedMessage("kind", kind + " (expected: 1 to 6)");
    };
  }

  private static AskOutcome askOutcome(WireReader in) throws MalformedMessage {
    long query = query(in);
    String principal = in.string(2, "principal", CodecLimits.TEXT_BYTES_MAX);
    if (principal.isEmpty()) {
      throw new MalformedMessage("principal", "absent (expected: 1 to 255 bytes)");
    }
    RequestId id = new RequestId(in.exactly(3, "id", RequestId.LENGTH));
    return new AskOutcome(query, principal, id, in.number(4, "deadline_micros"));
  }

  private static void writeAnswer(WireWriter out, Answer answer) {
    switch (answer) {
      case Greeting m -> out.message(1, () -> writeTip(out, m.tip()));
      case BundleReply m -> out.message(2, () -> writeReply(out, m));
      case Refusal m ->
          out.message(
              3,
              () -> {
                out.integer(4, m.retryMillis());
                out.string(3, clipped(m.detail(), CodecLimits.DETAIL_BYTES_MAX));
                out.integer(2, code(m.reason()));
                out.bytes(1, m.bundle().unsafeArray());
              });
      case OutcomeAnswer m ->
          out.message(
              4,
              () -> {
                out.message(3, () -> writeOutcome(out, m.outcome()));
                out.message(2, () -> writeTip(out, m.tip()));
                out.integer(1, m.query());
              });
      case HeadAnswer m ->
          out.message(
              5,
              () -> {
                m.head().ifPresent(head -> out.message(3, () -> writeLogged(out, head)));
                out.message(2, () -> writeTip(out, m.tip()));
                out.integer(1, m.query());
              });
      case ReadAnswer m ->
          out.message(
              6,
              () -> {
                out.bytes(3, m.answer());
                out.message(2, () -> writeTip(out, m.tip()));
                out.integer(1, m.query());
              });
      case Standing m -> out.message(7, () -> writeStanding(out, m));
    }
  }

  private Answer answer(WireReader in) throws MalformedMessage {
    int kind = in.nextField();
    return switch (kind) {
      case 1 -> new Greeting(in.message(1, "greeting", ClientCodec::tip));
      case 2 -> in.message(2, "bundle_reply", this::reply);
      case 3 -> in.message(3, "refusal", ClientCodec::refusal);
      case 4 ->
          in.message(
              4,
              "outcome",
              nested -> new OutcomeAnswer(query(nested), nestedTip(nested), outcome(nested)));
      case 5 ->
          in.message(
              5,
              "head",
              nested ->
                  new HeadAnswer(
                      query(nested),
                      nestedTip(nested),
                      nested.optional(3, "head", ClientCodec::logged)));
      case 6 ->
          in.message(
              6,
              "read",
              nested ->
                  new ReadAnswer(
                      query(nested),
                      nestedTip(nested),
                      nested.bytes(3, "answer", limits.messageBytesMax())));
      case 7 -> in.message(7, "standing", ClientCodec::standing);
      default -> throw new MalformedMessage("kind", kind + " (expected: 1 to 7)");
    };
  }

  private static void writeTip(WireWriter out, Tip tip) {
    out.integer(3, tip.timeMicros());
    out.integer(2, tip.seq());
    out.integer(1, tip.epoch());
  }

  private static Tip tip(WireReader in) throws MalformedMessage {
    return new Tip(in.u32(1, "epoch"), in.number(2, "seq"), in.number(3, "time_micros"));
  }

  private static Tip nestedTip(WireReader in) throws MalformedMessage {
    return in.message(2, "tip", ClientCodec::tip);
  }

  private static long query(WireReader in) throws MalformedMessage {
    return in.anyLong(1, "query");
  }

  private static void writeOutcome(WireWriter out, Outcome outcome) {
    out.string(3, clipped(outcome.reason(), CodecLimits.TEXT_BYTES_MAX));
    out.integer(2, outcome.index());
    out.integer(1, outcome.kind().code());
  }

  private static Outcome outcome(WireReader in) throws MalformedMessage {
    return in.message(3, "outcome", ClientCodec::outcomeBody);
  }

  private static Outcome outcomeBody(WireReader in) throws MalformedMessage {
    int code = (int) in.bounded(1, "kind", 0xff);
    OutcomeKind kind =
        OutcomeKind.of(code)
            .orElseThrow(() -> new MalformedMessage("kind", code + " (expected: 1 to 11)"));
    long index = in.number(2, "index");
    return new Outcome(kind, index, in.string(3, "reason", CodecLimits.TEXT_BYTES_MAX));
  }

  private static void writeReply(WireWriter out, BundleReply reply) {
    reply
        .full()
        .ifPresent(
            full ->
                out.message(
                    5,
                    () -> {
                      out.bytes(2, full.appendix());
                      out.bytes(1, full.logSignature().encoded());
                    }));
    out.message(4, () -> StatementCodec.writeCosignature(out, reply.head()));
    out.messages(3, reply.outcomes(), outcome -> writeOutcome(out, outcome));
    out.bytes(2, reply.bundle().unsafeArray());
    out.message(1, () -> writeTip(out, reply.tip()));
  }

  private BundleReply reply(WireReader in) throws MalformedMessage {
    Tip tip = in.message(1, "tip", ClientCodec::tip);
    Digest bundle = in.digest(2, "bundle");
    Count count = new Count(1, limits.parameters().bundleRequestsMax());
    List<Outcome> outcomes = in.messages(3, "outcomes", count, ClientCodec::outcomeBody);
    HeadCosignature head = in.message(4, "head", StatementCodec::cosignature);
    Optional<Full> full =
        in.optional(
            5,
            "full",
            nested ->
                new Full(
                    nested.signature(1, "log_signature"),
                    nested.bytes(2, "appendix", limits.messageBytesMax())));
    return new BundleReply(tip, bundle, outcomes, head, full);
  }

  private static Refusal refusal(WireReader in) throws MalformedMessage {
    Digest bundle = in.digest(1, "bundle");
    RefusalReason reason =
        switch ((int) in.bounded(2, "reason", 4)) {
          case 1 -> RefusalReason.CLIENT_QUOTA;
          case 2 -> RefusalReason.TOTAL_QUOTA;
          case 3 -> RefusalReason.NOT_VOTING;
          case 4 -> RefusalReason.MALFORMED;
          default -> throw new MalformedMessage("reason", "absent (expected: 1 to 4)");
        };
    String detail = in.string(3, "detail", CodecLimits.DETAIL_BYTES_MAX);
    return new Refusal(bundle, reason, detail, in.number(4, "retry_millis"));
  }

  private static int code(RefusalReason reason) {
    return switch (reason) {
      case CLIENT_QUOTA -> 1;
      case TOTAL_QUOTA -> 2;
      case NOT_VOTING -> 3;
      case MALFORMED -> 4;
    };
  }

  private static void writeLogged(WireWriter out, LoggedHead logged) {
    out.bytes(2, logged.logSignature().encoded());
    out.message(
        1,
        () -> {
          out.messages(
              3, logged.head().cosignatures(), each -> StatementCodec.writeCosignature(out, each));
          out.message(2, () -> StatementCodec.writeHead(out, logged.head().head()));
          out.integer(1, logged.head().epoch());
        });
  }

  private static LoggedHead logged(WireReader in) throws MalformedMessage {
    PublishedHead head = in.message(1, "head", ClientCodec::published);
    return new LoggedHead(head, in.signature(2, "log_signature"));
  }

  private static PublishedHead published(WireReader in) throws MalformedMessage {
    long epoch = in.u32(1, "epoch");
    TreeHead head = in.message(2, "head", StatementCodec::head);
    Count count = new Count(1, CodecLimits.REPLICAS_MAX);
    return new PublishedHead(
        epoch, head, in.messages(3, "cosignatures", count, StatementCodec::cosignature));
  }

  private static void writeStanding(WireWriter out, Standing standing) {
    out.flag(8, standing.voting());
    out.string(7, clipped(standing.version(), CodecLimits.VERSION_BYTES_MAX));
    out.message(6, () -> StatementCodec.writeHead(out, standing.head()));
    out.integer(5, standing.stable());
    out.integer(4, standing.view());
    out.message(3, () -> writeTip(out, standing.tip()));
    out.integer(2, standing.replica().value());
    out.integer(1, standing.query());
  }

  private static Standing standing(WireReader in) throws MalformedMessage {
    long query = query(in);
    ReplicaId replica = in.replica(2);
    Tip tip = in.message(3, "tip", ClientCodec::tip);
    long view = in.number(4, "view");
    long stable = in.number(5, "stable");
    TreeHead head = in.message(6, "head", StatementCodec::head);
    String version = in.string(7, "version", CodecLimits.VERSION_BYTES_MAX);
    return new Standing(query, replica, tip, view, stable, head, version, in.flag(8, "voting"));
  }

  /** What a person reads may be cut short; what a machine compares is never this long. */
  private static String clipped(String text, int bytesMax) {
    String clipped = text;
    while (clipped.getBytes(StandardCharsets.UTF_8).length > bytesMax) {
      clipped = clipped.substring(0, clipped.length() - 1);
    }
    return clipped;
  }

  private static int sizeHint(ClientMessage message) {
    return switch (message) {
      case Submit submit -> PeerCodec.hint(List.of(submit.bundle()));
      case BundleReply reply ->
          512 + 16 * reply.outcomes().size() + reply.full().map(f -> f.appendix().size()).orElse(0);
      case ReadAnswer read -> 128 + read.answer().size();
      default -> 256;
    };
  }
}
