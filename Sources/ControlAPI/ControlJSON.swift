package import Foundation

/// JSON as the control API speaks it, on both sides: keys in snake case, sorted; instants are texts already.
package enum ControlJSON {
  /// A new encoder; no two threads share one.
  package static var encoder: JSONEncoder {
    let encoder = JSONEncoder()
    encoder.keyEncodingStrategy = .convertToSnakeCase
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return encoder
  }

  package static var decoder: JSONDecoder {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    return decoder
  }
}
