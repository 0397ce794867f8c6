import AWSClient

/// The source and the destination that a configuration names.
package struct Places: Sendable {
  package let source: any ImageSource
  package let destination: any ImageDestination
  /// Where the source's bucket is; nil for a folder.
  package let s3Source: (bucket: String, objects: S3Source)?
  /// Keeps the connections of S3 for as long as it is needed.
  private let connection: AWSConnection?

  /// Throws `ThumbnailsError`, `AWSError`.
  package init(_ config: ThumbnailsConfig, processedBy: String) throws {
    let target = config.destination ?? config.source
    let usesS3 = config.source.folder == nil || target.folder == nil
    connection = usesS3 ? AWSConnection(config.aws) : nil
    let s3 = try connection?.s3()
    switch config.source {
    case .s3(let bucket, let prefix):
      guard let s3 else { preconditionFailure("S3 was connected to") }
      var leftOut: Set<String> = []
      // Outputs below the source are no sources, unless they lie among them.
      if case .s3(bucket, let below) = target, below != prefix, below.hasPrefix(prefix) { leftOut.insert(below) }
      let objects = S3Source(
        s3, bucket: bucket, prefix: prefix, leavingOut: leftOut, maxBytes: config.limits.maxMemoryMiB << 20)
      source = objects
      s3Source = (bucket, objects)
    case .folder(let path):
      source = try FolderSource(path, leavingOut: target.folder.map { [$0] } ?? [])
      s3Source = nil
    }
    switch target {
    case .s3(let bucket, let prefix):
      guard let s3 else { preconditionFailure("S3 was connected to") }
      destination = S3Destination(s3, bucket: bucket, prefix: prefix, processedBy: processedBy)
    case .folder(let path): destination = FolderDestination(path)
    }
  }
}
