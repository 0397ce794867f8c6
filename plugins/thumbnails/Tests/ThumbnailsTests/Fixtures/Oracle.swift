import Foundation

/// Pillow, asked about the same files. `CARILLON_PYTHON` names a python3 that has it; else the one on the path is tried.
enum Oracle {
  enum Answer: Decodable {
    case difference(Double)
    /// Pillow cannot read it.
    case unreadable(String)

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      do {
        self = .difference(try container.decode(Double.self))
      } catch is DecodingError {
        self = .unreadable(try container.decode(String.self))
      }
    }
  }

  static let python: String? = {
    let python = ProcessInfo.processInfo.environment["CARILLON_PYTHON"] ?? "python3"
    do {
      _ = try run(python, ["-c", "import PIL"])
      return python
    } catch {
      return nil
    }
  }()

  static func differences(images: String, outputs: String) throws -> [String: Answer] {
    let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("../Oracle/pillow_difference.py").standardized.path
    return try JSONDecoder().decode(
      [String: Answer].self, from: try run(python ?? "python3", [script, images, outputs]))
  }

  private struct Failed: Error {
    let status: Int32
  }

  private static func run(_ program: String, _ arguments: [String]) throws -> Data {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [program] + arguments
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = FileHandle.nullDevice
    try process.run()
    let output = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { throw Failed(status: process.terminationStatus) }
    return output
  }
}
