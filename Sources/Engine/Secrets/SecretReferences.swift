import JobModel

/// `${secret:NAME}` in a configuration: replaced on the way to the plugin's process and nowhere else, so what is stored and shown
/// has the reference. `$${` stands for `${` itself.
struct SecretReferences {
  let folder: SecretFolder
  /// For messages.
  let job: String
  /// The values that were put in.
  private(set) var redaction = Redaction()

  init(folder: SecretFolder, job: String) {
    self.folder = folder
    self.job = job
  }

  /// The configuration as the plugin gets it. Throws `config`, naming job, key and secret, when one is not there.
  mutating func resolve(_ config: JSONValue) throws(EngineError) -> JSONValue { try resolve(config, at: "config") }

  private mutating func resolve(_ value: JSONValue, at key: String) throws(EngineError) -> JSONValue {
    switch value {
    case .string(let text): return text.contains("${") ? .string(try resolve(text, at: key)) : value
    case .array(let values):
      var resolved: [JSONValue] = []
      for (index, value) in values.enumerated() { resolved.append(try resolve(value, at: "\(key)[\(index)]")) }
      return .array(resolved)
    case .object(let members):
      var resolved: [String: JSONValue] = [:]
      for (name, value) in members.sorted(by: { $0.key < $1.key }) { resolved[name] = try resolve(value, at: "\(key).\(name)") }
      return .object(resolved)
    case .null, .bool, .int, .double: return value
    }
  }

  private mutating func resolve(_ text: String, at key: String) throws(EngineError) -> String {
    var result = ""
    var rest = Substring(text)
    while let start = rest.firstRange(of: "${") {
      result += rest[..<start.lowerBound]
      if result.last == "$" {
        result.removeLast()
        result += "${"
        rest = rest[start.upperBound...]
        continue
      }
      guard let end = rest[start.upperBound...].firstIndex(of: "}"), rest[start.upperBound...].hasPrefix("secret:") else {
        throw EngineError(
          .config,
          "job \(job): \(key): \"${\" begins a reference as ${secret:NAME}; write \"$${\" where the text itself is meant")
      }
      let name = String(rest[start.upperBound..<end].dropFirst("secret:".count))
      result += try secret(name, at: key)
      rest = rest[rest.index(after: end)...]
    }
    return result + rest
  }

  private mutating func secret(_ name: String, at key: String) throws(EngineError) -> String {
    guard let bytes = folder.read(name) else {
      let place = folder.path.map { "is not in \($0)" } ?? "is not there, as no folder of secrets was given"
      throw EngineError(
        .config,
        "job \(job): \(key): the secret \"\(name)\" \(place): name it in LoadCredential= of the service, or see --secrets-dir")
    }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw EngineError(.config, "job \(job): \(key): the secret \"\(name)\" is not UTF-8 text")
    }
    redaction.hide(bytes)
    return text
  }
}
