import CCarillonFrames
import Foundation
import Testing

/// Every rule by which a library is refused: the rule's number, words for a person, and the end of the host.
struct RefusalTests {
  private func refusal(of plugin: String) throws -> (rule: UInt32, message: String) {
    let host = try HostProcess()
    _ = try host.expect(CARILLON_FRAME_HELLO)
    try host.load(plugin)
    var refused = BodyReader(try host.expect(CARILLON_FRAME_REFUSED))
    let (rule, message) = (refused.u32(), refused.str())
    #expect(refused.isAtEnd)
    #expect(try host.receive() == nil)
    #expect(try host.ended() == 0)
    return (rule, message)
  }

  @Test(arguments: ["plugin.so", "./plugin.so", "", "/nonexistent/plugin.so"])
  func aPathThatIsNotAbsoluteOrNotThere(path: String) throws {
    #expect(try refusal(of: path).rule == CARILLON_REFUSED_PATH)
  }

  @Test func aDirectory() throws {
    #expect(try refusal(of: try BuiltPlugin.emptyFolder().path).rule == CARILLON_REFUSED_FILE)
  }

  @Test func aNamedPipeWithoutWaitingForItsWriter() throws {
    let pipe = try BuiltPlugin.emptyFolder().appending(path: "plugin.so")
    try #require(mkfifo(pipe.path, 0o600) == 0)
    #expect(try refusal(of: pipe.path).rule == CARILLON_REFUSED_FILE)
  }

  @Test(arguments: [mode_t(0o620), 0o602])
  func aFileThatOthersCanWrite(mode: mode_t) throws {
    let plugin = try BuiltPlugin.copy(of: try BuiltPlugin.hello(), in: try BuiltPlugin.emptyFolder())
    try #require(chmod(plugin, mode) == 0)
    let (rule, message) = try refusal(of: plugin)
    #expect(rule == CARILLON_REFUSED_MODE)
    #expect(message.contains(plugin) && message.contains("chmod"))
  }

  @Test func aFolderThatOthersCanWriteUnlessSticky() throws {
    let folder = try BuiltPlugin.emptyFolder()
    let plugin = try BuiltPlugin.copy(of: try BuiltPlugin.hello(), in: folder)
    try #require(chmod(folder.path, 0o777) == 0)
    #expect(try refusal(of: plugin).rule == CARILLON_REFUSED_MODE)
    try #require(chmod(folder.path, 0o1777) == 0)
    let host = try HostProcess()
    try host.load(plugin)
    _ = try host.expect(CARILLON_FRAME_HELLO)
    _ = try host.expect(CARILLON_FRAME_LOADED)
  }

  @Test(.enabled(if: geteuid() == 0, "only root can give files away"))
  func aFileOfSomebodyElse() throws {
    let plugin = try BuiltPlugin.copy(of: try BuiltPlugin.hello(), in: try BuiltPlugin.emptyFolder())
    try #require(chown(plugin, 65534, 65534) == 0)
    #expect(try refusal(of: plugin).rule == CARILLON_REFUSED_OWNER)
  }

  @Test func aSymbolicLinkIsFollowedToWhatTheRulesAreFor() throws {
    let folder = try BuiltPlugin.emptyFolder()
    let plugin = try BuiltPlugin.copy(of: try BuiltPlugin.hello(), in: folder)
    let link = folder.appending(path: "link.so").path
    try #require(symlink(plugin, link) == 0)
    try #require(chmod(plugin, 0o666) == 0)
    #expect(try refusal(of: link).rule == CARILLON_REFUSED_MODE)
  }

  @Test func aTextFileInTheLoadersWords() throws {
    let plugin = try BuiltPlugin.emptyFolder().appending(path: "plugin.so")
    try "not a library".write(to: plugin, atomically: false, encoding: .utf8)
    let (rule, message) = try refusal(of: plugin.path)
    #expect(rule == CARILLON_REFUSED_LOAD)
    #expect(message.contains("plugin.so: ") && message.contains("file too short"))
  }

  @Test(arguments: [
    ("-DNO_ENTRY", CARILLON_REFUSED_ENTRY, "carillon_plugin_entry_v1"),
    ("-DNO_PLUGIN", CARILLON_REFUSED_ENTRY, "cannot work here"),
    ("-DPLUGIN_MAJOR=2", CARILLON_REFUSED_ABI, "ABI 2.0, this host speaks 1.0"),
    ("-DPLUGIN_SIZE=32", CARILLON_REFUSED_ABI, "32 bytes"),
    ("-DNO_PROCESS", CARILLON_REFUSED_ABI, "process"),
    ("-DMANIFEST=\"\"", CARILLON_REFUSED_MANIFEST, "0 bytes"),
  ])
  func aPluginThatKeepsNotToTheContract(definition: String, rule: UInt32, words: String) throws {
    let refused = try refusal(of: try BuiltPlugin.probe(definition))
    #expect(refused.rule == rule)
    #expect(refused.message.contains(words))
  }

  @Test(arguments: ["-DPLUGIN_SIZE=(sizeof(carillon_plugin)-8)", "-DPLUGIN_SIZE=4096"])
  func anOlderOrNewerPluginOfTheSameMajorIsLoaded(definition: String) throws {
    let host = try HostProcess()
    try host.load(try BuiltPlugin.probe(definition))
    _ = try host.expect(CARILLON_FRAME_HELLO)
    _ = try host.expect(CARILLON_FRAME_LOADED)
  }
}
