package import CCarillonPlugin

extension carillon_bytes {
  package init(_ buffer: UnsafeRawBufferPointer) {
    self.init(
      data: buffer.baseAddress?.assumingMemoryBound(to: CChar.self), size: UInt64(buffer.count))
  }

  package static var empty: carillon_bytes { carillon_bytes(data: nil, size: 0) }

  /// The bytes in place: as long-lived as the contract says of this field.
  package var buffer: UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(start: data, count: data == nil ? 0 : Int(size))
  }

  package var array: [UInt8] { Array(buffer) }

  package var string: String { String(decoding: buffer, as: UTF8.self) }
}

/// Lends text to a C call.
package func withBytes<Result>(_ text: String, _ body: (carillon_bytes) -> Result) -> Result {
  var text = text
  return text.withUTF8 { body(carillon_bytes(UnsafeRawBufferPointer($0))) }
}

/// Lends bytes to a C call.
package func withBytes<Result>(_ bytes: [UInt8], _ body: (carillon_bytes) -> Result) -> Result {
  bytes.withUnsafeBytes { body(carillon_bytes($0)) }
}

/// A struct of the contract whose fields are all zero or NULL.
package protocol GrowingStruct {
  init()
  var struct_size: UInt32 { get }
}

extension carillon_host: GrowingStruct {}
extension carillon_item: GrowingStruct {}
extension carillon_batch: GrowingStruct {}
extension carillon_run: GrowingStruct {}
extension carillon_sink: GrowingStruct {}
extension carillon_summary: GrowingStruct {}
extension carillon_result: GrowingStruct {}
extension carillon_new_item: GrowingStruct {}
extension carillon_outcome: GrowingStruct {}
extension carillon_diagnostics: GrowingStruct {}
extension carillon_plugin: GrowingStruct {}

extension GrowingStruct {
  /// The growth rule: reads min(struct_size, sizeof) bytes; what the other side does not know is zero or NULL.
  package init(reading pointer: UnsafePointer<Self>) {
    let size = Int(
      UnsafeRawPointer(pointer).loadUnaligned(as: UInt32.self))
    if size >= MemoryLayout<Self>.size {
      self = pointer.pointee
    } else {
      self.init()
      withUnsafeMutableBytes(of: &self) { own in
        own.copyMemory(from: UnsafeRawBufferPointer(start: pointer, count: size))
      }
    }
  }
}
