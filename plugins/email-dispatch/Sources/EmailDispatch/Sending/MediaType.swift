/// Media types of files by their names' endings; what is not known is octets.
enum MediaType {
  private static let known = [
    "pdf": "application/pdf", "png": "image/png", "jpg": "image/jpeg", "jpeg": "image/jpeg", "gif": "image/gif",
    "svg": "image/svg+xml",
    "webp": "image/webp", "ics": "text/calendar", "csv": "text/csv", "txt": "text/plain", "html": "text/html",
    "json": "application/json",
    "xml": "application/xml", "zip": "application/zip", "gz": "application/gzip", "vcf": "text/vcard",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
  ]

  static func of(_ name: String) -> String {
    guard let dot = name.lastIndex(of: ".") else { return "application/octet-stream" }
    return known[name[name.index(after: dot)...].lowercased()] ?? "application/octet-stream"
  }
}
