/// Where a service answers.
package struct Endpoint: Hashable, Sendable, CustomStringConvertible {
  package enum Scheme: String, Sendable {
    case http, https
  }

  package var scheme: Scheme
  /// A name or an address; an IPv6 address stands in brackets.
  package var host: String
  /// `nil` for the scheme's own.
  package var port: Int?
  /// What stands before every path, without a slash at its end; most often empty.
  package var basePath: String
  /// Where to connect when that is not `host`: a proxy or a private name in front of the service. The request still says
  /// `host`, which the signature covers.
  package var connectsTo: String?

  package init(scheme: Scheme, host: String, port: Int? = nil, basePath: String = "", connectsTo: String? = nil) {
    self.scheme = scheme
    self.host = host
    self.port = port
    self.basePath = basePath
    self.connectsTo = connectsTo
  }

  /// Reads `https://host[:port][/path]`. Throws `invalidRequest`.
  package init(_ text: String) throws(AWSError) {
    let parts = text.split(separator: "://", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2, let scheme = Scheme(rawValue: parts[0].lowercased()) else {
      throw AWSError(.invalidRequest, "the endpoint \"\(text)\" does not begin with http:// or https://")
    }
    let authority = parts[1].prefix { $0 != "/" }
    var path = String(parts[1].dropFirst(authority.count))
    while path.hasSuffix("/") { path.removeLast() }
    var host = String(authority)
    var port: Int?
    if let colon = host.lastIndex(of: ":"), !host[colon...].contains("]") {
      guard let number = Int(host[host.index(after: colon)...]), (1...65_535).contains(number) else {
        throw AWSError(.invalidRequest, "the endpoint \"\(text)\" has no port after its colon")
      }
      port = number
      host = String(host[..<colon])
    }
    guard !host.isEmpty, !host.contains(where: { "@?#[ ".contains($0) && !($0 == "[" && host.first == "[") }) else {
      throw AWSError(.invalidRequest, "the endpoint \"\(text)\" needs the form https://host[:port][/path]")
    }
    self.init(scheme: scheme, host: host, port: port == (scheme == .https ? 443 : 80) ? nil : port, basePath: path)
  }

  /// The public endpoint of a service: `s3.eu-west-1.amazonaws.com`.
  package static func aws(service: String, region: String) -> Endpoint {
    let suffix = region.hasPrefix("cn-") ? "amazonaws.com.cn" : "amazonaws.com"
    return Endpoint(scheme: .https, host: "\(service).\(region).\(suffix)")
  }

  /// The `Host` header.
  var authority: String { host + (port.map { ":\($0)" } ?? "") }

  /// Where the connection goes to.
  var target: String { "\(scheme.rawValue)://\(connectsTo ?? host)\(port.map { ":\($0)" } ?? "")" }

  package var description: String { "\(scheme.rawValue)://\(authority)\(basePath)" }
}
