import CRollups
import Glibc

/// Writes the archive's files of one part. Under passing names until `commit`.
final class ArchiveWriter {
  /// So many files at most are open; one that comes back gets a further gzip member.
  private static let maxOpen = 64

  private let archive: Archive
  private let name: String
  private var open: [Int64: GzipFile] = [:]
  private var hours: Set<Int64> = []

  init(_ archive: Archive, _ name: String) {
    self.archive = archive
    self.name = name
  }

  private func place(_ hour: Int64) -> String { "\(archive.folder(of: hour))/\(name)\(Archive.suffix)" }

  private func passing(_ hour: Int64) -> String { "\(place(hour)).new" }

  /// Adds a line, without its newline. Throws `system`.
  func add(_ line: UnsafeBufferPointer<UInt8>, atUs: Int64) throws(RollupsError) {
    let hour = atUs / 3_600_000_000
    if open[hour] == nil {
      if open.count == Self.maxOpen { try closeAll() }
      try SystemFile.makeFolders(archive.folder(of: hour))
      open[hour] = try GzipFile(passing(hour), isNew: hours.insert(hour).inserted)
    }
    try open[hour]?.add(line)
  }

  private func closeAll() throws(RollupsError) {
    for file in open.values { try file.end() }
    open = [:]
  }

  /// Puts the files in their places, and removes those of an earlier part in `hours` that this one lacks. Its hours, in order.
  func commit(replacing earlier: [Int64]) throws(RollupsError) -> [Int64] {
    try closeAll()
    for hour in hours { try SystemFile.move(passing(hour), over: place(hour)) }
    for hour in earlier where !hours.contains(hour) { try SystemFile.remove(place(hour)) }
    return hours.sorted()
  }
}

/// One gzip member that is written.
private final class GzipFile {
  private let file: SystemFile
  private let packer: OpaquePointer
  private let room = UnsafeMutableRawBufferPointer.allocate(byteCount: 64 << 10, alignment: 16)

  init(_ path: String, isNew: Bool) throws(RollupsError) {
    file = isNew ? try SystemFile.create(path) : try SystemFile.append(path)
    guard let packer = rollups_packer_new() else { throw RollupsError(.system, "no memory is left to pack the archive") }
    self.packer = packer
  }

  deinit {
    rollups_packer_free(packer)
    room.deallocate()
  }

  func add(_ line: UnsafeBufferPointer<UInt8>) throws(RollupsError) {
    try pack(UnsafeRawBufferPointer(line), isLast: false)
    try withUnsafeBytes(of: UInt8(0x0A)) { newline throws(RollupsError) in try pack(newline, isLast: false) }
  }

  func end() throws(RollupsError) {
    try pack(UnsafeRawBufferPointer(start: nil, count: 0), isLast: true)
    try file.sync()
  }

  private func pack(_ bytes: UnsafeRawBufferPointer, isLast: Bool) throws(RollupsError) {
    var done = 0
    while true {
      var taken = bytes.count - done
      var given = room.count
      let status = rollups_pack(
        packer, bytes.baseAddress.map { $0 + done }, &taken, room.baseAddress, &given, isLast ? 1 : 0)
      guard status != ROLLUPS_DAMAGED else { throw RollupsError(.system, "zlib could not pack \(file.path)") }
      try file.write(UnsafeRawBufferPointer(rebasing: room[..<given]))
      done += taken
      if isLast ? status == ROLLUPS_END : done == bytes.count && given < room.count { return }
    }
  }
}
