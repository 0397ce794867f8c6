import NIOHTTP1

/// The headers of an answer.
struct AnswerHead: Sendable {
  let headers: HTTPHeaders

  func text(_ name: String) -> String? { headers.first(name: name) }
  func number(_ name: String) -> Int64? { text(name).flatMap { Int64($0) } }
}
