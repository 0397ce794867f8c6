internal import ControlAPI

extension FindingDocument {
  /// `jobs/a.yaml:3:5: retry.base: message`.
  var text: String {
    let place = [file, line.map(String.init), column.map(String.init)].compactMap { $0 }.joined(separator: ":")
    return "\(place): \(key.map { "\($0): " } ?? "")\(message)"
  }
}
