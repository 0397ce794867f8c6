import ControlAPI
import Foundation
import HTTPTypes

/// What a route answers.
enum Answer: Sendable {
  case json(status: Int, Data)
  /// No body.
  case empty(status: Int)
  case text(mediaType: String, String)
  /// A stream of events.
  case events(AsyncThrowingStream<RunEvent, any Error>)

  static func document(_ value: some Encodable, status: Int = 200) throws(ControlError) -> Answer {
    do {
      return .json(status: status, try ControlJSON.encoder.encode(value))
    } catch {
      throw ControlError(.fault, "the answer cannot be written as JSON: \(error)")
    }
  }
}
