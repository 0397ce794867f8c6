import ControlAPI
import Foundation
import JobModel

/// A request that fits its route: what the route's closure works with.
struct Call: Sendable {
  /// The path's placeholders, decoded.
  var path: [String: String]
  var query: Query
  /// The body; empty where none was sent.
  var body: [UInt8]

  /// A placeholder of the route's own path.
  subscript(placeholder: String) -> String { path[placeholder] ?? "" }

  /// Reads the body as JSON of the type. A body that is not there reads as `{}`. Throws `malformed` for what is no JSON object,
  /// `invalid` for keys that are unknown (with the nearest), missing, null or of a wrong type, by their names.
  func request<Request: Decodable>(_ type: Request.Type) throws(ControlError) -> Request {
    let data = body.isEmpty ? Data("{}".utf8) : Data(body)
    let value: JSONValue
    do {
      value = try JSONDecoder().decode(JSONValue.self, from: data)
    } catch {
      throw ControlError(.malformed, "the body is no JSON: \(Self.explain(error))")
    }
    guard case .object(let members) = value else { throw ControlError(.malformed, "the body must be a JSON object") }
    try check(members, SchemaBook.fields(of: type))
    do {
      return try ControlJSON.decoder.decode(type, from: data)
    } catch {
      throw ControlError(.invalid, "the body is wrong: \(Self.explain(error))")
    }
  }

  private func check(_ members: [String: JSONValue], _ fields: [SchemaBook.Field]) throws(ControlError) {
    let known = fields.map(\.key)
    for (key, value) in members.sorted(by: { $0.key < $1.key }) {
      guard known.contains(key) else {
        let hint =
          known.nearest(to: key).map { "; did you mean \"\($0)\"?" }
          ?? (known.isEmpty ? "" : ": it may have \(known.joined(separator: ", "))")
        throw ControlError(.invalid, "the body has the unknown key \"\(key.forPeople)\"\(hint)")
      }
      if value == .null { throw ControlError(.invalid, "\"\(key)\" is null: leave it out to have it at its default") }
    }
    if let missing = fields.first(where: { !$0.isOptional && members[$0.key] == nil }) {
      throw ControlError(.invalid, "the body lacks the key \"\(missing.key)\"")
    }
  }

  private static func explain(_ error: any Error) -> String {
    guard let error = error as? DecodingError else { return "\(error)" }
    func place(_ path: [any CodingKey]) -> String {
      path.map { $0.intValue.map { "[\($0)]" } ?? SchemaBook.snakeCase($0.stringValue) }.joined(separator: ".")
    }
    switch error {
    case .typeMismatch(let type, let context):
      return "\"\(place(context.codingPath))\" must be \(name(of: type))"
    case .keyNotFound(let key, let context): return "\"\(place(context.codingPath + [key]))\" is missing"
    case .valueNotFound(_, let context): return "\"\(place(context.codingPath))\" is null"
    case .dataCorrupted(let context):
      let cause = (context.underlyingError as NSError?)?.userInfo[NSDebugDescriptionErrorKey] as? String
      return context.codingPath.isEmpty
        ? cause ?? context.debugDescription : "\"\(place(context.codingPath))\": \(cause ?? context.debugDescription)"
    @unknown default: return "\(error)"
    }
  }

  private static func name(of type: any Any.Type) -> String {
    switch type {
    case is String.Type: "a text"
    case is Bool.Type: "true or false"
    case is any BinaryInteger.Type: "a whole number"
    case is any BinaryFloatingPoint.Type: "a number"
    case is [String: Any].Type: "an object"
    default: "\(type)".hasPrefix("Array") || "\(type)".hasPrefix("[") ? "a list" : "an object"
    }
  }
}
