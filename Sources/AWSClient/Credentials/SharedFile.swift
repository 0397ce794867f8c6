import Foundation

/// The sections of an AWS `credentials` or `config` file, by profile (AWS SDKs and Tools Reference Guide, "Shared config
/// files"). Nested values (`s3 =` and indented lines under it) are left out.
package struct SharedFile: Hashable, Sendable {
  package private(set) var profiles: [String: [String: String]] = [:]

  /// In a `config` file a profile's section is `[profile NAME]`, save `[default]`; in `credentials` it is `[NAME]`.
  package init(text: String, isConfig: Bool) {
    var profile: String?
    for line in text.split(whereSeparator: \.isNewline) {
      let trimmed = line.trimmingCharacters(in: .whitespaces)
      if trimmed.isEmpty || trimmed.hasPrefix("#") || trimmed.hasPrefix(";") { continue }
      if trimmed.hasPrefix("["), let end = trimmed.firstIndex(of: "]") {
        profile = Self.profile(of: trimmed[trimmed.index(after: trimmed.startIndex)..<end], isConfig: isConfig)
        if let profile, profiles[profile] == nil { profiles[profile] = [:] }
      } else if let profile, line.first?.isWhitespace == false, let equals = trimmed.firstIndex(of: "=") {
        let name = trimmed[..<equals].trimmingCharacters(in: .whitespaces).lowercased()
        var value = String(trimmed[trimmed.index(after: equals)...])
        if let comment = value.range(of: " #") ?? value.range(of: " ;") { value = String(value[..<comment.lowerBound]) }
        profiles[profile]?[name] = value.trimmingCharacters(in: .whitespaces)
      }
    }
  }

  private static func profile(of section: Substring, isConfig: Bool) -> String? {
    let words = section.split(whereSeparator: \.isWhitespace).map {
      $0.trimmingCharacters(in: CharacterSet(charactersIn: "\"'"))
    }
    guard isConfig else { return words.count == 1 ? words[0] : nil }
    if words == ["default"] { return "default" }
    return words.count == 2 && words[0] == "profile" ? words[1] : nil
  }

  /// The settings of a profile from both files; those of `credentials` win. `nil` where neither has it. Throws `file`.
  package static func settings(profile: String, surroundings: Surroundings) throws(AWSError) -> [String: String]? {
    let home = surroundings.environment("HOME") ?? NSHomeDirectory()
    let credentials = try read(surroundings.environment("AWS_SHARED_CREDENTIALS_FILE") ?? home + "/.aws/credentials")
    let config = try read(surroundings.environment("AWS_CONFIG_FILE") ?? home + "/.aws/config")
    let first = credentials.map { SharedFile(text: $0, isConfig: false) }?.profiles[profile]
    let second = config.map { SharedFile(text: $0, isConfig: true) }?.profiles[profile]
    guard first != nil || second != nil else { return nil }
    return (second ?? [:]).merging(first ?? [:]) { _, winner in winner }
  }

  /// `nil` when there is no such file.
  private static func read(_ path: String) throws(AWSError) -> String? {
    guard FileManager.default.fileExists(atPath: path) else { return nil }
    do { return try String(contentsOfFile: path, encoding: .utf8) } catch {
      throw AWSError(.file, "cannot read \(path): \(error.localizedDescription)", cause: error)
    }
  }
}
