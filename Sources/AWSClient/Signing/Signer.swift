import Crypto

/// Signature Version 4 (AWS General Reference, "Create a signed AWS API request"), in a header or in the query. Pure: the same
/// input and instant give the same signature.
package struct Signer: Sendable {
  package let service: String
  package let region: String

  package init(service: String, region: String) {
    self.service = service
    self.region = region
  }

  /// The headers to send beside the signable's own: `x-amz-date`, `authorization`, for S3 `x-amz-content-sha256`, with
  /// temporary credentials `x-amz-security-token`.
  package func headers(
    for request: Signable, credentials: Credentials, at date: SigningDate, keys: SigningKeys? = nil
  ) -> [(name: String, value: String)] {
    var added = [("x-amz-date", date.timestamp)]
    if service == "s3" { added.append(("x-amz-content-sha256", request.payload.text)) }
    if let token = credentials.sessionToken { added.append(("x-amz-security-token", token)) }
    let canonical = CanonicalHeaders(host: request.host, headers: request.headers + added)
    let signature = sign(
      request, query: request.query, canonical: canonical, credentials: credentials, date: date, keys: keys)
    added.append(
      (
        "authorization",
        "AWS4-HMAC-SHA256 Credential=\(credentials.accessKeyID)/\(scope(date)), SignedHeaders=\(canonical.names), Signature=\(signature)"
      ))
    return added
  }

  /// The query of a URL that anyone may use for `expiresIn` seconds (1 to 604,800). S3 leaves the body unsigned.
  package func presignedQuery(
    for request: Signable, credentials: Credentials, at date: SigningDate, expiresIn seconds: Int
  ) -> String {
    let canonical = CanonicalHeaders(host: request.host, headers: request.headers)
    var query = request.query
    query.append(("X-Amz-Algorithm", "AWS4-HMAC-SHA256"))
    query.append(("X-Amz-Credential", "\(credentials.accessKeyID)/\(scope(date))"))
    query.append(("X-Amz-Date", date.timestamp))
    query.append(("X-Amz-Expires", String(seconds)))
    query.append(("X-Amz-SignedHeaders", canonical.names))
    if let token = credentials.sessionToken { query.append(("X-Amz-Security-Token", token)) }
    let signature = sign(request, query: query, canonical: canonical, credentials: credentials, date: date, keys: nil)
    return Self.canonicalQuery(query) + "&X-Amz-Signature=" + signature
  }

  /// Sorted by name, then value, each percent-encoded; a name without a value keeps its `=`.
  package static func canonicalQuery(_ query: [(name: String, value: String)]) -> String {
    if query.isEmpty { return "" }
    return query.map { (PercentEncoding.encode($0.name), PercentEncoding.encode($0.value)) }
      .sorted { $0.0 == $1.0 ? $0.1.utf8.lexicographicallyPrecedes($1.1.utf8) : $0.0.utf8.lexicographicallyPrecedes($1.0.utf8) }
      .map { $0.0 + "=" + $0.1 }
      .joined(separator: "&")
  }

  /// S3 signs the path as sent. Every other service resolves its dots and doubled slashes and encodes it once more.
  package func canonicalPath(_ path: String) -> String {
    if service == "s3" { return path.isEmpty ? "/" : path }
    var segments: [Substring] = []
    for segment in path.split(separator: "/") where segment != "." {
      if segment == ".." { _ = segments.popLast() } else { segments.append(segment) }
    }
    let normal = "/" + segments.joined(separator: "/") + (path.hasSuffix("/") && !segments.isEmpty ? "/" : "")
    return PercentEncoding.encodePath(normal)
  }

  private func scope(_ date: SigningDate) -> String { "\(date.day)/\(region)/\(service)/aws4_request" }

  private func sign(
    _ request: Signable, query: [(name: String, value: String)], canonical: CanonicalHeaders, credentials: Credentials,
    date: SigningDate, keys: SigningKeys?
  ) -> String {
    let canonicalRequest =
      "\(request.method)\n\(canonicalPath(request.path))\n\(Self.canonicalQuery(query))\n\(canonical.lines)\n\(canonical.names)\n\(request.payload.text)"
    let text =
      "AWS4-HMAC-SHA256\n\(date.timestamp)\n\(scope(date))\n" + hex(SHA256.hash(data: Array(canonicalRequest.utf8)))
    let key =
      keys?.key(secret: credentials.secretAccessKey, day: date.day, region: region, service: service)
      ?? SigningKeys.derive(secret: credentials.secretAccessKey, day: date.day, region: region, service: service)
    return hex(HMAC<SHA256>.authenticationCode(for: Array(text.utf8), using: key))
  }
}

/// Headers as the signature sees them: lower-case names in order, values trimmed and their runs of spaces made one, values
/// of one name joined by commas.
struct CanonicalHeaders {
  /// One line a header, each ended.
  let lines: String
  /// `host;x-amz-date`
  let names: String

  init(host: String, headers: [(name: String, value: String)]) {
    var values: [(name: String, value: String)] = [("host", Self.trimmed(host))]
    for (name, value) in headers {
      let name = name.lowercased()
      if let index = values.firstIndex(where: { $0.name == name }) {
        values[index].value += "," + Self.trimmed(value)
      } else {
        values.append((name, Self.trimmed(value)))
      }
    }
    values.sort { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
    lines = values.map { "\($0.name):\($0.value)\n" }.joined()
    names = values.map(\.name).joined(separator: ";")
  }

  private static func trimmed(_ value: String) -> String {
    // Only ASCII whitespace is collapsed: a value may hold other spaces that the service keeps.
    guard value.utf8.contains(where: { $0 == 32 || (9...13).contains($0) }) else { return value }
    return value.utf8.split(whereSeparator: { $0 == 32 || (9...13).contains($0) })
      .map { String(decoding: $0, as: UTF8.self) }.joined(separator: " ")
  }
}

/// Lower-case hex of a digest.
func hex(_ bytes: some Sequence<UInt8>) -> String {
  let digits: StaticString = "0123456789abcdef"
  var output: [UInt8] = []
  output.reserveCapacity(64)
  for byte in bytes {
    output.append(digits.utf8Start[Int(byte >> 4)])
    output.append(digits.utf8Start[Int(byte & 15)])
  }
  return String(decoding: output, as: UTF8.self)
}
