import AsyncAlgorithms
import ControlAPI
import Foundation
import HummingbirdCore
import NIOCore
import ServiceLifecycle

/// A run's events as server-sent events (HTML Living Standard, section 9.2), with a comment now and then while nothing happens.
struct EventStreamBody: Sendable {
  let events: AsyncThrowingStream<RunEvent, any Error>
  let heartbeat: Duration

  private enum Piece: Sendable {
    case event(RunEvent)
    case beat
  }

  /// Writes until the run has ended, or the client has left, which cancels the task.
  @concurrent func write(to writer: inout any ResponseBodyWriter) async throws {
    try await writer.write(ByteBuffer(string: ": carillon\n\n"))
    let beats = AsyncTimerSequence(interval: heartbeat, clock: .continuous).map { _ in Piece.beat }
    do {
      // Nothing more is asked of the run while the client takes nothing: progress is told as it is then, the log waits in its file.
      pieces: for try await piece in merge(events.map { Piece.event($0) }, beats).cancelOnGracefulShutdown() {
        switch piece {
        case .beat: try await writer.write(ByteBuffer(string: ": \n\n"))
        case .event(let event):
          try await writer.write(ByteBuffer(bytes: try Self.bytes(event)))
          if case .ended = event { break pieces }
        }
      }
    } catch let error as ControlError {
      let problem = ProblemDocument(
        code: error.code.rawValue, title: error.code.title, status: error.code.status, detail: error.message, instance: nil,
        findings: error.findings)
      try await writer.write(ByteBuffer(bytes: try Self.frame("problem", ControlJSON.encoder.encode(problem))))
    }
    try await writer.finish(nil)
  }

  static func bytes(_ event: RunEvent) throws -> [UInt8] {
    switch event {
    case .progress(let document): try frame("progress", ControlJSON.encoder.encode(document))
    case .log(let document): try frame("log", ControlJSON.encoder.encode(document))
    case .ended(let document): try frame("ended", ControlJSON.encoder.encode(document))
    }
  }

  private static func frame(_ name: String, _ data: Data) -> [UInt8] {
    Array("event: \(name)\ndata: ".utf8) + data + Array("\n\n".utf8)
  }
}
