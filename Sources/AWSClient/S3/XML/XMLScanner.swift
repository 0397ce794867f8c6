import CExpat
import NIOCore

/// Reads an XML document by expat and tells of every element's end with its depth (the root has 1), name and own text.
/// About ten times as fast as building a tree, and as flat in memory as its consumer.
struct XMLScanner {
  /// Throws `malformedResponse`.
  static func scan(
    _ buffer: ByteBuffer, endpoint: Endpoint, onEnd: (_ depth: Int, _ name: String, _ text: String) -> Void
  ) throws(AWSError) {
    var buffer = buffer
    // S3 sends blanks to keep a connection alive, and expat takes none before a declaration.
    while let byte = buffer.getInteger(at: buffer.readerIndex, as: UInt8.self), byte == 32 || (9...13).contains(byte) {
      buffer.moveReaderIndex(forwardBy: 1)
    }
    guard let parser = XML_ParserCreate(nil) else { throw AWSError(.malformedResponse, "no memory for an XML parser") }
    defer { XML_ParserFree(parser) }
    let failure: AWSError? = withoutActuallyEscaping(onEnd) { onEnd in
      let state = State(onEnd: onEnd)
      return withExtendedLifetime(state) {
        XML_SetUserData(parser, Unmanaged.passUnretained(state).toOpaque())
        XML_SetElementHandler(
          parser,
          { data, _, _ in
            let state = State.from(data)
            state.depth += 1
            state.text.removeAll(keepingCapacity: true)
          },
          { data, name in
            let state = State.from(data)
            if let name { state.onEnd(state.depth, String(cString: name), String(decoding: state.text, as: UTF8.self)) }
            state.text.removeAll(keepingCapacity: true)
            state.depth -= 1
          })
        XML_SetCharacterDataHandler(parser) { data, text, count in
          guard let text else { return }
          let bytes = UnsafeRawBufferPointer(start: text, count: Int(count))
          State.from(data).text.append(contentsOf: bytes)
        }
        let status = buffer.withUnsafeReadableBytes {
          XML_Parse(parser, $0.baseAddress?.assumingMemoryBound(to: CChar.self), Int32($0.count), 1)
        }
        guard status != XML_STATUS_OK else { return nil }
        let reason = String(cString: XML_ErrorString(XML_GetErrorCode(parser)))
        return AWSError(
          .malformedResponse,
          "\(endpoint) answered XML that cannot be read, line \(XML_GetCurrentLineNumber(parser)): \(reason)")
      }
    }
    if let failure { throw failure }
  }

  /// What expat's callbacks find again behind their pointer; it lives on the stack of `scan`.
  private final class State {
    var depth = 0
    var text: [UInt8] = []
    let onEnd: (Int, String, String) -> Void

    init(onEnd: @escaping (Int, String, String) -> Void) { self.onEnd = onEnd }

    static func from(_ data: UnsafeMutableRawPointer?) -> State {
      guard let data else { preconditionFailure("expat lost the user data") }
      return Unmanaged<State>.fromOpaque(data).takeUnretainedValue()
    }
  }
}
