import ControlAPI
import HTTPTypes

/// A method of a path: what it takes, what it answers, and who answers. The OpenAPI document is made from the same values.
struct Route: Sendable {
  /// What a body must be.
  struct Body: Sendable {
    var type: any (Decodable & Sendable).Type
    /// A request without a body is understood.
    var isOptional: Bool
  }

  /// What comes back when it goes well.
  enum Reply: Sendable {
    case json(status: Int, any (Decodable & Sendable).Type)
    case empty(status: Int)
    case text(mediaType: String, summary: String)
    case events
    /// The OpenAPI document itself.
    case openAPI
  }

  var method: HTTPRequest.Method
  /// With placeholders, `/v1/jobs/{job}`.
  var path: String
  /// Unique; names the operation for generators of clients.
  var operation: String
  var summary: String
  var parameters: [Parameter]
  var body: Body?
  var reply: Reply
  /// How it may fail, but for what every route may: `malformed`, `invalid` and `forbidden`.
  var problems: [ControlError.Code]
  /// It is given up after this.
  var limit: Duration
  var answer: @Sendable (Call) async throws(ControlError) -> Answer

  static let usualLimit = Duration.seconds(30)
  /// For what loads plugins.
  static let longLimit = Duration.seconds(300)
  /// For what goes over the whole store.
  static let longestLimit = Duration.seconds(3_600)
}

extension Route {
  /// A route that takes no body and answers with JSON.
  static func ask<Value: Codable & Sendable>(
    _ method: HTTPRequest.Method, _ path: String, _ operation: String, _ summary: String,
    _ parameters: [Parameter] = [], fails problems: [ControlError.Code] = [], within limit: Duration = usualLimit,
    status: Int = 200, _ answer: @escaping @Sendable (Call) async throws(ControlError) -> Value
  ) -> Route {
    Route(
      method: method, path: path, operation: operation, summary: summary, parameters: parameters, body: nil,
      reply: .json(status: status, Value.self), problems: problems, limit: limit
    ) { call throws(ControlError) in
      try .document(try await answer(call), status: status)
    }
  }

  /// A route that takes a JSON body and answers with JSON.
  static func send<Request: Codable & Sendable, Value: Codable & Sendable>(
    _ method: HTTPRequest.Method, _ path: String, _ operation: String, _ summary: String, optionalBody: Bool = false,
    fails problems: [ControlError.Code] = [], within limit: Duration = usualLimit, status: Int = 200,
    _ answer: @escaping @Sendable (Call, Request) async throws(ControlError) -> Value
  ) -> Route {
    Route(
      method: method, path: path, operation: operation, summary: summary, parameters: [],
      body: Body(type: Request.self, isOptional: optionalBody), reply: .json(status: status, Value.self), problems: problems,
      limit: limit
    ) { call throws(ControlError) in
      try .document(try await answer(call, try call.request(Request.self)), status: status)
    }
  }
}
