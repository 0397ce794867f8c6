package import ControlAPI
package import JobFiles

extension FindingDocument {
  package init(_ finding: JobFinding) {
    self.init(severity: finding.isError ? "error" : "warning", file: finding.file, message: finding.message)
    line = finding.mark?.line
    column = finding.mark?.column
    key = finding.key.isEmpty ? nil : finding.key
    job = finding.job
  }
}
