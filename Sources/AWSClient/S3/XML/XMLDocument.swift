import Foundation
import XMLCoder

/// The small documents of S3, by XMLCoder. Listings, which are long, go through `XMLScanner`.
enum XMLDocument {
  static func decode<Document: Decodable>(
    _ type: Document.Type, from text: String, endpoint: Endpoint
  ) throws(AWSError) -> Document {
    let decoder = XMLDecoder()
    decoder.shouldProcessNamespaces = true
    decoder.trimValueWhitespaces = false
    do { return try decoder.decode(type, from: Data(text.utf8)) } catch {
      throw AWSError(.malformedResponse, "\(endpoint) answered no \(type) document: \(error)", cause: error)
    }
  }

  static func encode(_ document: some Encodable, root: String) throws(AWSError) -> String {
    do {
      let data = try XMLEncoder().encode(
        document, withRootKey: root, rootAttributes: ["xmlns": "http://s3.amazonaws.com/doc/2006-03-01/"])
      return String(decoding: data, as: UTF8.self)
    } catch {
      throw AWSError(.invalidRequest, "no \(root) document can be made: \(error)", cause: error)
    }
  }
}
