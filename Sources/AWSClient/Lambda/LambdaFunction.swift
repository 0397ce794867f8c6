/// A Lambda function as its service describes it; what the service leaves out is `nil`.
package struct LambdaFunction: Hashable, Sendable, Decodable {
  package struct EphemeralStorage: Hashable, Sendable, Codable {
    /// In MB, 512 to 10,240.
    package var sizeMB: Int

    enum CodingKeys: String, CodingKey {
      case sizeMB = "Size"
    }
  }

  package var name: String
  package var arn: String
  /// `nil` for a container image.
  package var runtime: String?
  /// In MB, 128 to 10,240.
  package var memoryMB: Int?
  /// In seconds, up to 900.
  package var timeoutSeconds: Int?
  package var codeBytes: Int64?
  /// `x86_64` or `arm64`.
  package var architectures: [String]?
  package var ephemeralStorage: EphemeralStorage?
  /// `Zip` or `Image`.
  package var packageType: String?
  /// `2026-01-31T23:59:59.000+0000`
  package var lastModified: String?
  package var description: String?
  package var version: String?
  /// Changes with every change; an update may name it.
  package var revisionID: String?
  package var state: String?
  package var lastUpdateStatus: String?

  enum CodingKeys: String, CodingKey {
    case name = "FunctionName"
    case arn = "FunctionArn"
    case runtime = "Runtime"
    case memoryMB = "MemorySize"
    case timeoutSeconds = "Timeout"
    case codeBytes = "CodeSize"
    case architectures = "Architectures"
    case ephemeralStorage = "EphemeralStorage"
    case packageType = "PackageType"
    case lastModified = "LastModified"
    case description = "Description"
    case version = "Version"
    case revisionID = "RevisionId"
    case state = "State"
    case lastUpdateStatus = "LastUpdateStatus"
  }
}

/// Concurrency that is kept warm, and paid for, for a version or an alias.
package struct ProvisionedConcurrency: Hashable, Sendable, Decodable {
  /// With the qualifier at its end.
  package var functionARN: String
  package var requested: Int
  package var allocated: Int?
  package var available: Int?
  /// `IN_PROGRESS`, `READY` or `FAILED`.
  package var status: String?

  enum CodingKeys: String, CodingKey {
    case functionARN = "FunctionArn"
    case requested = "RequestedProvisionedConcurrentExecutions"
    case allocated = "AllocatedProvisionedConcurrentExecutions"
    case available = "AvailableProvisionedConcurrentExecutions"
    case status = "Status"
  }

  /// The version or the alias.
  package var qualifier: String { functionARN.split(separator: ":").last.map(String.init) ?? "" }
}

/// What to change of a function; what is `nil` stays.
package struct LambdaConfigurationChange: Hashable, Sendable, Encodable {
  package var memoryMB: Int?
  package var timeoutSeconds: Int?
  package var ephemeralStorage: LambdaFunction.EphemeralStorage?
  /// Only where the function is still at this revision; `conflict` otherwise.
  package var revisionID: String?

  package init(memoryMB: Int? = nil, timeoutSeconds: Int? = nil, revisionID: String? = nil) {
    self.memoryMB = memoryMB
    self.timeoutSeconds = timeoutSeconds
    self.revisionID = revisionID
  }

  enum CodingKeys: String, CodingKey {
    case memoryMB = "MemorySize"
    case timeoutSeconds = "Timeout"
    case ephemeralStorage = "EphemeralStorage"
    case revisionID = "RevisionId"
  }
}
