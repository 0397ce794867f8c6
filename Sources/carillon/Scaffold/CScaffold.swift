/// A plugin of one C file.
enum CScaffold {
  static func files(_ name: String, headers: String) -> [Scaffold.File] {
    [
      Scaffold.File(path: "\(name).c", text: source(name)), Scaffold.File(path: "Makefile", text: makefile(name, headers)),
      Scaffold.File(path: "jobs/\(name).yaml", text: job(name)),
      Scaffold.readme(
        name, .c,
        next: """
          `\(name).c` is all of it: `discover` names the items, `process` does them. `carillon_plugin.h` says line by line what
          each call may do.
          """),
    ]
  }

  private static func job(_ name: String) -> String {
    """
    name: \(name)
    summary: Squares some numbers
    plugin: \(name)
    config:
      count: 5
    """ + "\n"
  }

  private static func makefile(_ name: String, _ headers: String) -> String {
    """
    # Where carillon_plugin.h is.
    CARILLON_INCLUDE ?= \(headers)
    CFLAGS ?= -O2 -Wall -Wextra

    build/\(name).so: \(name).c
    \tmkdir -p build
    \tchmod go-w build
    \t$(CC) -std=gnu11 $(CFLAGS) -fvisibility=hidden -shared -fPIC -I "$(CARILLON_INCLUDE)" $< -o $@
    \tchmod go-w $@

    clean:
    \trm -rf build

    .PHONY: clean
    """ + "\n"
  }

  private static func source(_ name: String) -> String {
    """
    // \(name): names the numbers from 1 to "count", and squares each.

    #include <carillon_plugin.h>

    #include <stdio.h>
    #include <stdlib.h>
    #include <string.h>

    struct instance {
      const carillon_host *host; // outlives the instance
      long count;
    };

    static carillon_bytes text(const char *string) {
      carillon_bytes bytes = {string, strlen(string)};
      return bytes;
    }

    static carillon_bytes describe(void) {
      return text("{\\"id\\": \\"\(name)\\", \\"version\\": \\"0.1.0\\", \\"summary\\": \\"Squares some numbers\\","
                  " \\"max_in_flight\\": 16}");
    }

    // The number behind "count", or 0. Use a JSON library when there is more to read.
    static long count_in(carillon_bytes config) {
      char copy[1024] = {0}; // the configuration does not end in a NUL byte
      memcpy(copy, config.data, config.size < sizeof copy ? config.size : sizeof copy - 1);
      const char *key = strstr(copy, "\\"count\\"");
      const char *colon = key ? strchr(key, ':') : NULL;
      return colon ? strtol(colon + 1, NULL, 10) : 0;
    }

    static int32_t check(carillon_bytes config, const carillon_diagnostics *diagnostics) {
      if (count_in(config) > 0) return CARILLON_OK;
      diagnostics->report(diagnostics->context, 1, text("/count"), text("must be a number, at least 1"));
      return CARILLON_ERROR;
    }

    static void *create(const carillon_host *host, carillon_bytes config) {
      struct instance *instance = calloc(1, sizeof *instance);
      if (!instance) {
        host->error(host, text("no memory"));
        return NULL;
      }
      instance->host = host;
      instance->count = count_in(config);
      return instance;
    }

    // Names the items. The same work should get the same key in every run.
    static int32_t discover(void *self, const carillon_run *run, const carillon_sink *sink) {
      const struct instance *instance = self;
      (void)run;
      for (long i = 1; i <= instance->count; i++) {
        char key[32];
        snprintf(key, sizeof key, "%ld", i);
        carillon_new_item item = {.struct_size = sizeof item, .key = text(key)};
        int32_t status = sink->emit(sink->context, &item, 1, sizeof item);
        if (status != CARILLON_OK) return status; // cancelled
      }
      return CARILLON_OK;
    }

    // Does the items, each completed by itself. With CARILLON_RUN_PLAN it only says what it would do.
    static int32_t process(void *self, const carillon_run *run, const carillon_batch *batch) {
      const struct instance *instance = self;
      const carillon_host *host = instance->host;
      for (uint32_t i = 0; i < batch->count; i++) {
        const carillon_item *item = CARILLON_ITEM(batch, i);
        host->begin(host, item->id);
        char key[32] = {0};
        memcpy(key, item->key.data, item->key.size < sizeof key ? item->key.size : sizeof key - 1);
        long number = strtol(key, NULL, 10);
        char json[64];
        snprintf(json, sizeof json, "{\\"square\\": %ld}", number * number);
        carillon_outcome outcome = {.struct_size = sizeof outcome, .kind = CARILLON_SUCCEEDED};
        if (run->flags & CARILLON_RUN_PLAN) outcome.effect = text(json);
        else outcome.output = text(json);
        host->complete(host, item->id, &outcome);
      }
      return CARILLON_OK;
    }

    static void destroy(void *self) { free(self); }

    CARILLON_EXPORT const carillon_plugin *carillon_plugin_entry_v1(void) {
      static const carillon_plugin plugin = {
          .struct_size = sizeof plugin, .abi_major = CARILLON_ABI_MAJOR, .abi_minor = CARILLON_ABI_MINOR,
          .describe = describe, .check = check, .create = create, .discover = discover, .process = process,
          .destroy = destroy};
      return &plugin;
    }
    """ + "\n"
  }
}
