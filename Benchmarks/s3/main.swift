import AWSClient
import Foundation

/// `s3-bench list|copy|analyse URL KEY SECRET BUCKET COUNT CONCURRENCY`: prints how many and in how many seconds, as its peers do.
let arguments = CommandLine.arguments
guard arguments.count == 8, let count = Int(arguments[6]), let concurrency = Int(arguments[7]) else {
  FileHandle.standardError.write(Data("s3-bench list|copy|analyse URL KEY SECRET BUCKET COUNT CONCURRENCY\n".utf8))
  exit(64)
}
var settings = AWSSettings()
(settings.endpoint, settings.region, settings.maxConcurrent) = (arguments[2], "us-east-1", concurrency)
(settings.accessKeyId, settings.secretAccessKey) = (arguments[3], arguments[4])
let connection = AWSConnection(settings)
let bench = S3Bench(s3: try connection.s3(), bucket: arguments[5])
let clock = ContinuousClock()
let start = clock.now
let done: Int
switch arguments[1] {
case "list": done = try await bench.list(rounds: count)
case "analyse": done = try await bench.analyse(listers: concurrency)
case "copy": done = try await bench.copy(count, concurrency: concurrency)
default: exit(64)
}
print(done, (clock.now - start) / .seconds(1))
_ = connection
