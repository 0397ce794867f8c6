import ControlAPI

extension FindingDocument {
  /// `jobs/a.yaml:3:5: retry.base: message`, the form that editors and compilers use.
  var text: String {
    let place = line.map { "\(file):\($0):\(column ?? 1)" } ?? file
    return "\(place): \(severity == "error" ? "" : "\(severity): ")\(key.map { "\($0): " } ?? "")\(message)"
  }
}
