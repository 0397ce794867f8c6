import Crypto
import Foundation
import NIOCore

/// JSON in and out of requests.
enum JSONProtocol {
  static func attach(_ body: some Encodable, to request: inout AWSRequest, contentType: String) throws(AWSError) {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    let data: Data
    do { data = try encoder.encode(body) } catch {
      throw AWSError(.invalidRequest, "no JSON can be made for \(request.operation): \(error)", cause: error)
    }
    request.body = .bytes(ByteBuffer(bytes: data))
    request.payload = .sha256(hex(SHA256.hash(data: data)))
    request.headers.append(("content-type", contentType))
  }

  static func decode<Answer: Decodable>(
    _ type: Answer.Type, from body: ByteBuffer, endpoint: Endpoint
  ) throws(AWSError) -> Answer {
    let text = body.readableBytes == 0 ? "{}" : String(buffer: body)
    do { return try JSONDecoder().decode(type, from: Data(text.utf8)) } catch {
      throw AWSError(.malformedResponse, "\(endpoint) answered JSON that cannot be read: \(error)", cause: error)
    }
  }
}
