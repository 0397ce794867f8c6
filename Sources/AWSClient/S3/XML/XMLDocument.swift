import Foundation
import XMLCoder

/// The small documents of S3, by XMLCoder. Listings, which are long, go through `XMLScanner`.
enum XMLDocument {
  /// `root` is looked at: a document of another kind, read as one whose elements are all absent, would pass for an empty
  /// configuration.
  static func decode<Document: Decodable>(
    _ type: Document.Type, root: String, from text: String, endpoint: Endpoint
  ) throws(AWSError) -> Document {
    guard let found = rootName(of: text), found == root else {
      throw AWSError(.malformedResponse, "\(endpoint) answered <\(rootName(of: text) ?? "")> instead of <\(root)>")
    }
    let decoder = XMLDecoder()
    decoder.shouldProcessNamespaces = true
    decoder.trimValueWhitespaces = false
    do { return try decoder.decode(type, from: Data(text.utf8)) } catch {
      throw AWSError(.malformedResponse, "\(endpoint) answered a <\(root)> that cannot be read: \(error)", cause: error)
    }
  }

  /// The outermost element; nothing else is read.
  static func rootName(of text: String) -> String? {
    var rest = text[...]
    while let open = rest.firstIndex(of: "<") {
      rest = rest[rest.index(after: open)...]
      if rest.first != "?" && rest.first != "!" {
        return String(rest.prefix { !$0.isWhitespace && $0 != ">" && $0 != "/" })
      }
    }
    return nil
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
