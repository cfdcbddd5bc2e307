package io.tallystick.bft.host;

import io.tallystick.bft.codec.PeerCodec;
import io.tallystick.bft.engine.Effect.SendBatches;
import io.tallystick.bft.journal.BatchArchive;
import io.tallystick.crypto.Bytes;
import java.io.IOException;
import java.util.Optional;

/** Reads executed batches from the archive and sends them to peers, on a thread of its own. */
final class BatchSender implements AutoCloseable {
  private final BatchArchive archive;
  private final Transport transport;
  private final Worker worker;

  BatchSender(
      HostConfig config, BatchArchive archive, Transport transport, Worker.Failures failures) {
    this.archive = archive;
    this.transport = transport;
    this.worker = new Worker("batches-" + config.self(), config.limits().archiveReads(), failures);
  }

  /** Queues it; when there are too many the peer asks again. */
  boolean send(SendBatches wanted) {
    return worker.offer(() -> run(wanted));
  }

  private void run(SendBatches wanted) throws IOException {
    long sent = 0;
    for (long seq = wanted.fromSeq(); seq <= wanted.toSeq() && sent < wanted.bytesMax(); seq++) {
      Optional<Bytes> batch = archive.read(seq);
      if (batch.isEmpty()) {
        return;
      }
      Bytes payload = PeerCodec.frameOfArchived(batch.get());
      if (!transport.send(wanted.to(), payload)) {
        return; // its session is gone, or full: it asks again
      }
      sent += payload.size();
    }
  }

  @Override
  public void close() {
    worker.close();
  }
}
