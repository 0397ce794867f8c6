import Foundation

/// The odd images of other projects, which are not part of this one: `CARILLON_CORPUS`, or `../shared/corpus` beside the
/// package. Tests that want them are skipped where they are absent.
enum Corpus {
  static let images: String? = {
    let package = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("../../../../..").standardized
    let folder =
      ProcessInfo.processInfo.environment["CARILLON_CORPUS"]
      ?? package.deletingLastPathComponent().appendingPathComponent("shared/corpus").path
    let images = folder + "/images"
    return FileManager.default.fileExists(atPath: images) ? images : nil
  }()

  /// The paths of all images, relative and sorted.
  static var paths: [String] {
    guard let images else { return [] }
    return (FileManager.default.enumerator(atPath: images)?.compactMap { $0 as? String } ?? [])
      .filter { $0.hasSuffix(".jpg") || $0.hasSuffix(".png") }.sorted()
  }

  static func bytes(_ path: String) throws -> [UInt8] {
    guard let images else { return [] }
    return [UInt8](try Data(contentsOf: URL(fileURLWithPath: "\(images)/\(path)")))
  }
}
