import AWSClient
import Foundation

/// `s3-bench list|copy|analyse URL KEY SECRET BUCKET COUNT CONCURRENCY`: prints how many, in how many seconds, and in how many
/// seconds of its own on a processor, as its peers do.
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
/// Seconds of all threads of this process, by user and system.
func processorSeconds() -> Double {
  var used = timespec()
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used)
  return Double(used.tv_sec) + Double(used.tv_nsec) / 1e9
}
let startOfWork = processorSeconds()
let start = clock.now
let done: Int
switch arguments[1] {
case "list": done = try await bench.list(rounds: count)
case "analyse": done = try await bench.analyse(listers: concurrency)
case "copy": done = try await bench.copy(count, concurrency: concurrency)
default: exit(64)
}
print(done, (clock.now - start) / .seconds(1), processorSeconds() - startOfWork)
_ = connection
