import AWSClient
import Glibc
import NIOCore
import RollupTables

/// The objects below a prefix in S3. A range is fetched into a file first, with the byte before it and what its last line may need.
struct S3Inputs: InputSource {
  /// Keeps the connections for as long as they are needed.
  private let connection: AWSConnection
  private let s3: S3
  private let bucket: String
  private let prefix: String
  private let endings: [String]

  /// How long a line may be, and its newline.
  private static let lineBytes: Int64 = (1 << 20) + 1

  /// Throws `AWSError`.
  init(_ settings: AWSSettings, bucket: String, prefix: String, endings: [String]) throws {
    connection = AWSConnection(settings)
    s3 = try connection.s3()
    self.bucket = bucket
    self.prefix = prefix
    self.endings = endings
  }

  func list(visit: (ListedInput) throws -> Void) async throws {
    for try await page in s3.listObjects(bucket: bucket, ListingScope(prefix: prefix)) {
      try Task.checkCancellation()
      for object in page.records where endings.contains(where: { object.key.hasSuffix($0) }) {
        try visit(
          ListedInput(
            path: String(object.key.dropFirst(prefix.count)),
            stamp: Stamp(size: object.bytes, version: "s3:\(object.eTag)")))
      }
    }
  }

  func open(_ input: ListedInput, _ index: Int, in parts: PartFolder) async throws -> RangeInput {
    try await open(input, index: index, span: input.span(index), in: parts)
  }

  /// The same for any span.
  func open(_ input: ListedInput, index: Int, span: ByteSpan, in parts: PartFolder) async throws -> RangeInput {
    let packing = Packing(name: input.path)
    let first = max(0, span.start - 1)
    let end = min(input.stamp.size, span.end.map { $0 + Self.lineBytes } ?? .max)
    let path = "\(parts.place(of: input.path, index)).object.\(getpid()).new"
    let file = try SystemFile.createLocked(path)
    do {
      if end > first {
        let isWhole = first == 0 && end == input.stamp.size
        try await s3.getObject(
          bucket: bucket, key: prefix + input.path, range: isWhole ? nil : first..<end,
          ifMatch: String(input.stamp.version.dropFirst(3))
        ) { piece in
          try piece.withUnsafeReadableBytes { try file.write($0) }
        }
      }
    } catch {
      try SystemFile.remove(path)
      guard let failure = error as? AWSError, [.notFound, .conflict].contains(failure.code) else { throw error }
      throw RollupsError(.changed, "\(input.path) has changed since it was listed, or is gone")
    }
    return RangeInput(
      path: input.path, index: index, span: span, packing: packing, stamp: input.stamp, file: path, base: first)
  }

  /// S3 compares when it is read.
  func isCurrent(_ input: ListedInput) throws -> Bool { true }

  func close(_ range: RangeInput) throws { try SystemFile.remove(range.file) }
}
