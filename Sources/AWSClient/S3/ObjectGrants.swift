/// Who may do what with an object besides its owner, as `GetObjectAcl` says it, in the headers that give it to a new object.
package enum ObjectGrants {
  /// Header names (`x-amz-grant-read`) with their grantees; empty when the owner alone has a grant, as every new object has.
  /// Throws `malformedResponse` for a document, or a grantee, that no header can say.
  package static func headers(fromACL document: String, endpoint: Endpoint) throws(AWSError) -> [String: String] {
    let policy = try XMLDocument.decode(Policy.self, root: "AccessControlPolicy", from: document, endpoint: endpoint)
    var grantees: [String: [String]] = [:]
    var isOwnerAlone = true
    for grant in policy.list?.grants ?? [] {
      guard let header = headerNames[grant.permission] else {
        throw AWSError(.malformedResponse, "\(endpoint) granted \"\(grant.permission)\", which is no permission of an object")
      }
      let grantee: String
      if let uri = grant.grantee.uri {
        grantee = "uri=\"\(uri)\""
      } else if let id = grant.grantee.id {
        grantee = "id=\"\(id)\""
      } else {
        throw AWSError(.malformedResponse, "\(endpoint) granted \(grant.permission) to somebody without an id")
      }
      if grant.grantee.id != policy.owner.id || grant.permission != "FULL_CONTROL" { isOwnerAlone = false }
      grantees[header, default: []].append(grantee)
    }
    return isOwnerAlone ? [:] : grantees.mapValues { $0.joined(separator: ", ") }
  }

  private static let headerNames = [
    "FULL_CONTROL": "x-amz-grant-full-control", "READ": "x-amz-grant-read", "READ_ACP": "x-amz-grant-read-acp",
    "WRITE_ACP": "x-amz-grant-write-acp",
  ]

  private struct Policy: Decodable {
    var owner: Grantee
    var list: List?

    enum CodingKeys: String, CodingKey {
      case owner = "Owner"
      case list = "AccessControlList"
    }
  }

  private struct List: Decodable {
    var grants: [Grant]?

    enum CodingKeys: String, CodingKey {
      case grants = "Grant"
    }
  }

  private struct Grant: Decodable {
    var grantee: Grantee
    var permission: String

    enum CodingKeys: String, CodingKey {
      case grantee = "Grantee"
      case permission = "Permission"
    }
  }

  private struct Grantee: Decodable {
    var id: String?
    var uri: String?

    enum CodingKeys: String, CodingKey {
      case id = "ID"
      case uri = "URI"
    }
  }
}
