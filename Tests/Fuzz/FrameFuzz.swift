import CCarillonFrames
import JobModel

/// libFuzzer's entry: the bytes of a hostile host, through the reader and the decoder. The first byte says how they come: its
/// lowest bit, as they are or packed into frames whose headers are right (so that bodies are reached at once); the rest, in
/// pieces of what size.
@c(LLVMFuzzerTestOneInput)
public func fuzzFrames(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  guard let start, count > 1 else { return 0 }
  let input = UnsafeRawBufferPointer(start: start, count: count)
  let piece = 1 << Int(input[0] >> 4)
  let body = UnsafeRawBufferPointer(rebasing: input[1...])
  if input[0] & 1 == 0 {
    read(body, piece)
  } else {
    framed(body).withUnsafeBytes { read($0, piece) }
  }
  return 0
}

/// Frames of a type, a length of up to 64 KiB and as many bytes as are left of it.
private func framed(_ input: UnsafeRawBufferPointer) -> [UInt8] {
  var stream: [UInt8] = []
  var offset = 0
  while offset + 3 <= input.count {
    let type = UInt16(64 + input[offset] % 24)
    let length = min(Int(input[offset + 1]) | Int(input[offset + 2]) << 8, input.count - offset - 3)
    for value in [UInt64(CARILLON_FRAME_MAGIC) | UInt64(type) << 32 | 1 << 48, UInt64(length), 7] {
      withUnsafeBytes(of: value.littleEndian) { stream += $0 }
    }
    stream += input[(offset + 3)..<(offset + 3 + length)]
    offset += 3 + length
  }
  return stream
}

private func read(_ bytes: UnsafeRawBufferPointer, _ piece: Int) {
  var reader = FrameReader()
  var offset = 0
  do throws(FrameReader.Violation) {
    while offset < bytes.count {
      let end = min(bytes.count, offset + piece)
      reader.append(UnsafeRawBufferPointer(rebasing: bytes[offset..<end]))
      offset = end
      while let frame = try reader.next() {
        let event = try reader.withBody(of: frame) { (body) throws(FrameReader.Violation) in
          try FrameDecoder.decode(frame, body: body)
        }
        if let event, let breach = EventLimits.breach(in: event) { fatalError("accepted with \(breach)") }
      }
      let bound = Int(CARILLON_FRAME_HEADER + CARILLON_FRAME_MAX_BODY)
      precondition(reader.pendingCount <= bound, "more than a frame is held")
    }
  } catch {}  // a stream that is refused is the daemon's usual answer
}
