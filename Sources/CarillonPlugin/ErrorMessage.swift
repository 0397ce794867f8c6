import FoundationEssentials

/// The whole message of an error for a person: nothing that the error says of itself is left out.
package func errorMessage(_ error: any Error) -> String {
  switch error {
  case is CancellationError:
    return "cancelled"
  case let error as DecodingError:
    let (pointer, message) = decodingMessage(error)
    return pointer.isEmpty ? message : "\(pointer): \(message)"
  case let error as any LocalizedError:
    let parts = [error.errorDescription, error.failureReason, error.recoverySuggestion]
      .compactMap(\.self).filter { !$0.isEmpty }
    return parts.isEmpty ? String(describing: error) : parts.joined(separator: "; ")
  case let error as any CustomStringConvertible:
    let description = error.description
    return description.isEmpty ? String(reflecting: error) : description
  default:
    // A plain enum or struct: with its type, as `case` or fields alone rarely tell a reader enough.
    return String(reflecting: error)
  }
}

/// Where decoding failed (a JSON pointer) and why.
func decodingMessage(_ error: DecodingError) -> (pointer: String, message: String) {
  switch error {
  case .keyNotFound(let key, let context):
    return (JSONPointer.text(context.codingPath), "the key \"\(key.stringValue)\" is missing")
  case .valueNotFound(let type, let context):
    return (JSONPointer.text(context.codingPath), "is null where \(type) is needed")
  case .typeMismatch(let type, let context):
    return (
      JSONPointer.text(context.codingPath),
      "is not \(type): \(context.debugDescription)"
    )
  case .dataCorrupted(let context):
    var message = context.debugDescription
    if let cause = context.underlyingError { message += ": \(errorMessage(cause))" }
    return (JSONPointer.text(context.codingPath), message)
  @unknown default:
    return ("", String(describing: error))
  }
}
