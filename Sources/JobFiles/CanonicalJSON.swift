import Foundation
package import JobModel

extension JSONValue {
  /// The document as UTF-8 JSON with sorted keys: equal values give equal bytes.
  package func canonicalJSON() -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    do {
      return [UInt8](try encoder.encode(self))
    } catch {
      preconditionFailure("a value from a job file has only numbers that JSON can hold: \(error)")
    }
  }
}
