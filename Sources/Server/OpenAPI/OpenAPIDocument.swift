import ControlAPI
import Foundation
import HTTPTypes
package import JobModel

/// The OpenAPI 3.1 document of the routes, made from the same values that answer.
struct OpenAPIDocument: Sendable {
  let routes: [Route]
  let version: String

  func json() throws(ControlError) -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes, .prettyPrinted]
    do {
      return try encoder.encode(document())
    } catch {
      throw ControlError(.fault, "the OpenAPI document cannot be written as JSON: \(error)")
    }
  }

  func document() -> JSONValue {
    var book = SchemaBook()
    var paths: [String: [String: JSONValue]] = [:]
    for route in routes { paths[route.path, default: [:]][route.method.rawValue.lowercased()] = operation(route, &book) }
    _ = book.reference(to: ProblemDocument.self)
    return [
      "openapi": "3.1.0",
      "info": [
        "title": "Carillon's control API", "version": .string(version),
        "summary": "What may be asked of a Carillon daemon over its unix socket.",
        "license": ["name": "Apache-2.0", "identifier": "Apache-2.0"],
      ],
      "servers": [["url": "http://localhost/", "description": "Over the unix socket; the host's name says nothing."]],
      "security": [],
      "paths": .object(paths.mapValues { .object($0) }),
      "components": ["schemas": .object(book.objects), "responses": ["Problem": Self.problem]],
    ]
  }

  private static let problem: JSONValue = [
    "description": "Why it was not done.",
    "content": [
      ProblemDocument.mediaType: ["schema": ["$ref": "#/components/schemas/ProblemDocument"]]
    ],
  ]

  private func operation(_ route: Route, _ book: inout SchemaBook) -> JSONValue {
    var operation: [String: JSONValue] = [
      "operationId": .string(route.operation), "summary": .string(route.summary), "responses": responses(route, &book),
    ]
    let parameters = placeholders(of: route) + route.parameters.map(Self.parameter)
    if !parameters.isEmpty { operation["parameters"] = .array(parameters) }
    if let body = route.body {
      operation["requestBody"] = [
        "required": .bool(!body.isOptional),
        "content": ["application/json": ["schema": book.reference(to: body.type, isClosed: true)]],
      ]
    }
    return .object(operation)
  }

  private func placeholders(of route: Route) -> [JSONValue] {
    route.path.split(separator: "/").filter { $0.hasPrefix("{") }.map { part in
      let name = String(part.dropFirst().dropLast())
      return [
        "name": .string(name), "in": "path", "required": true, "schema": ["type": "string", "minLength": 1],
        "description": .string(Self.meanings[name] ?? ""),
      ]
    }
  }

  private static let meanings = [
    "job": "A job's name.",
    "run": "A run's id, three or more letters of its beginning or end that fit no other, or `last`.",
    "key": "An item's key, percent-encoded, slashes too.",
  ]

  private static func parameter(_ parameter: Parameter) -> JSONValue {
    let schema: JSONValue =
      switch parameter.kind {
      case .text: ["type": "string", "minLength": 1]
      case .integer(let range):
        ["type": "integer", "minimum": .int(range.lowerBound), "maximum": .int(range.upperBound)]
      case .choice(let words): ["type": "string", "enum": .array(words.map(JSONValue.string))]
      case .instant: ["type": "string", "format": "date-time"]
      case .flag: ["type": "string", "enum": ["0", "1"]]
      }
    return [
      "name": .string(parameter.name), "in": "query", "description": .string(parameter.summary),
      "schema": parameter.isRepeated ? ["type": "array", "items": schema, "maxItems": 100] : schema,
    ]
  }

  private func responses(_ route: Route, _ book: inout SchemaBook) -> JSONValue {
    var responses: [String: JSONValue] = [:]
    switch route.reply {
    case .json(let status, let type):
      responses[String(status)] = [
        "description": "Done.", "content": ["application/json": ["schema": book.reference(to: type)]],
      ]
    case .empty(let status): responses[String(status)] = ["description": "Done, or begun."]
    case .text(let mediaType, let summary):
      responses["200"] = ["description": .string(summary), "content": [mediaType: ["schema": ["type": "string"]]]]
    case .events: responses["200"] = events(&book)
    case .openAPI:
      responses["200"] = [
        "description": "An OpenAPI document.", "content": ["application/json": ["schema": ["type": "object"]]],
      ]
    }
    var statuses = Set(([.malformed, .invalid, .forbidden, .fault] + route.problems).map(\.status))
    if route.body != nil { statuses.formUnion([413, 415]) }
    for status in statuses { responses[String(status)] = ["$ref": "#/components/responses/Problem"] }
    return .object(responses)
  }

  private func events(_ book: inout SchemaBook) -> JSONValue {
    let kinds = [
      ("progress", book.reference(to: RunProgressDocument.self)), ("log", book.reference(to: LogDocument.self)),
      ("ended", book.reference(to: RunDocument.self)),
    ]
    return [
      "description": .string(
        "Server-sent events: `progress` at most five times a second, `log`, and at last `ended`; each `data` is one JSON document. "
          + "A `problem` in its place says why the stream broke. A comment comes every 15 s."),
      "content": ["text/event-stream": ["schema": ["type": "string"]]],
      "x-events": .object(Dictionary(uniqueKeysWithValues: kinds)),
    ]
  }
}

extension JSONValue: ExpressibleByDictionaryLiteral, ExpressibleByArrayLiteral {
  package init(dictionaryLiteral elements: (String, JSONValue)...) {
    self = .object(Dictionary(elements) { $1 })
  }
  package init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
}
