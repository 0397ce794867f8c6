/// Encodes a document that the contract limits. Throws `PluginError.encoding` and `.refused`, naming `what`.
func encodeDocument(_ value: some Encodable, _ what: String, maxBytes: Int) throws -> [UInt8] {
  let bytes: [UInt8]
  do {
    bytes = try JSON.document(value)
  } catch {
    throw PluginError(
      .encoding, "\(what) could not be encoded as JSON: \(errorMessage(error))", cause: error)
  }
  guard bytes.count <= maxBytes else {
    throw PluginError(.refused, "\(what) is \(bytes.count) bytes of JSON; the limit is \(maxBytes)")
  }
  return bytes
}

/// Decodes a document. Throws `PluginError.decoding`, naming `what`.
func decodeDocument<Value: Decodable>(
  _ type: Value.Type, from bytes: [UInt8], _ what: String
) throws -> Value {
  do {
    return try JSON.document(type, from: bytes)
  } catch {
    throw PluginError(
      .decoding, "\(what) cannot be read as \(type): \(errorMessage(error))", cause: error)
  }
}
