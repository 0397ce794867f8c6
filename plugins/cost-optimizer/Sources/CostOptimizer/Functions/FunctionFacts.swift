package import AWSClient

/// What ListFunctions says of one function, as far as money goes. The payload of an item.
package struct FunctionFacts: Codable, Hashable, Sendable {
  package var name: String
  package var arn: String
  /// `nil` for a container image.
  package var runtime: String?
  package var memoryMB: Int
  package var timeoutSeconds: Int
  package var ephemeralMB: Int
  package var architecture: Architecture
  package var isImage: Bool
  /// Something was published of it: only that can have provisioned concurrency. `nil` where nobody asked.
  package var hasVersions: Bool?

  package init(
    name: String, arn: String = "", runtime: String? = "python3.13", memoryMB: Int = 128, timeoutSeconds: Int = 3,
    ephemeralMB: Int = 512, architecture: Architecture = .x86, isImage: Bool = false
  ) {
    self.name = name
    self.arn = arn
    self.runtime = runtime
    self.memoryMB = memoryMB
    self.timeoutSeconds = timeoutSeconds
    self.ephemeralMB = ephemeralMB
    self.architecture = architecture
    self.isImage = isImage
  }

  /// What the service leaves out is its documented default: 128 MB, 3 s, 512 MB of storage, x86_64.
  package init(_ function: LambdaFunction) {
    self.init(
      name: function.name, arn: function.arn, runtime: function.runtime.flatMap { $0.isEmpty ? nil : $0 },
      memoryMB: function.memoryMB ?? 128, timeoutSeconds: function.timeoutSeconds ?? 3,
      ephemeralMB: function.ephemeralStorage?.sizeMB ?? 512,
      architecture: function.architectures?.first.flatMap(Architecture.init) ?? .x86,
      isImage: function.packageType == "Image")
  }

  /// The account's number, the fifth part of the ARN; `nil` where there is none.
  package var account: String? {
    let parts = arn.split(separator: ":", omittingEmptySubsequences: false)
    return parts.count > 4 && !parts[4].isEmpty ? String(parts[4]) : nil
  }
}
