/* carillon_frames.h: what the daemon and a host say to each other over the socketpair at descriptor 3. Frames version 2.
 *
 * Both ends come from one build, so this contract may change with any release; HELLO carries its version and the daemon
 * refuses another. The daemon treats every byte from a host as hostile, since a plugin can write to descriptor 3 too.
 *
 * A frame is a header of 24 bytes and a body. All numbers are little-endian.
 *
 *     offset 0   u32  magic   CARILLON_FRAME_MAGIC
 *            4   u16  type    CARILLON_FRAME_*
 *            6   u16  flags   bit 0: critical (a receiver that does not know the type must end the connection)
 *            8   u32  length  of the body in bytes, at most CARILLON_FRAME_MAX_BODY; checked before any allocation
 *           12   u32  zero
 *           16   u64  id      as the type says, else 0
 *
 * In bodies below, `str` is a u32 length and that many bytes; fields stand without padding in the order given. A body that is
 * shorter or longer than its fields breaks the connection.
 *
 * The order of a conversation. The host begins with HELLO. The daemon answers LOAD -> LOADED | REFUSED, then any number of
 * CHECK -> DIAGNOSTIC* CHECKED, then CREATE -> CREATED, then for each run RUN and: DISCOVER -> (ITEMS | CHECKPOINT)*
 * DISCOVERED; PROCESS -> OUTCOMES*; FINISH -> FINISHED. CANCEL, PING, REPLY and CREDIT may come at any time after LOAD, and so
 * may the host's LOG, PROGRESS, EVENT, ARTIFACT, REQUEST, STARTED and PONG. SHUTDOWN ends it: the host completes the call
 * under way, destroys the instance, says BYE and exits 0. End of file on the socket ends the host at once.
 */
#ifndef CARILLON_FRAMES_H
#define CARILLON_FRAMES_H

#include <stdint.h>

#define CARILLON_FRAMES_VERSION 2u
#define CARILLON_FRAME_FD 3
#define CARILLON_FRAME_MAGIC 0x4e4c5243u /* "CRLN" */
#define CARILLON_FRAME_HEADER 24u
#define CARILLON_FRAME_MAX_BODY 8388608u /* 8 MiB */
#define CARILLON_FRAME_CRITICAL 1u

/* A sender gathers items, outcomes and results up to about this many bytes or entries before it sends a frame. */
#define CARILLON_FRAME_SOFT_BYTES (256u * 1024u)
#define CARILLON_FRAME_SOFT_ENTRIES 1024u

/* ---- daemon -> host ------------------------------------------------------------------------------------------------ */

/* u64 memory limit in bytes (RLIMIT_AS; 0: none), u32 descriptor limit (0: none), u32 flags (CARILLON_LOAD_*), str absolute
 * path of the plugin */
#define CARILLON_FRAME_LOAD 1u
/* Programs that the plugin starts may gain privileges, as sudo(8) does: PR_SET_NO_NEW_PRIVS is not set. */
#define CARILLON_LOAD_NEW_PRIVILEGES 1u
/* str config */
#define CARILLON_FRAME_CHECK 2u
/* str config, str job */
#define CARILLON_FRAME_CREATE 3u
/* u32 flags (CARILLON_RUN_*), i64 started at us, i64 deadline us, i64 due at us (0: no schedule's instant), str run id, str job,
 * str event, str artifact folder. No answer. Sent only while no call is under way and no item is open. */
#define CARILLON_FRAME_RUN 4u
/* u32 how many ITEMS frames may be unacknowledged (at least 1), str checkpoint */
#define CARILLON_FRAME_DISCOVER 5u
/* i64 item timeout us (0: none), u32 count, then for each: u64 item, u32 attempt, u32 key length, u32 payload length, key,
 * payload. Items already open plus count never exceed the manifest's max_in_flight. */
#define CARILLON_FRAME_PROCESS 6u
/* u64 succeeded, u64 skipped, u64 dead, u64 cancelled, i64 started at us */
#define CARILLON_FRAME_FINISH 7u
/* id: the item; 0: everything, also a discovery or finish under way. Empty body. */
#define CARILLON_FRAME_CANCEL 8u
/* id: any. Empty body. */
#define CARILLON_FRAME_PING 9u
/* id: of the REQUEST. u32 status (CARILLON_OK ...), str value. For results the value is: u64 next cursor, u32 count, then for
 * each: u32 attempts, u32 kind, i64 duration us, u32 lengths of key, payload, output, reason, and these four. count 0: the end */
#define CARILLON_FRAME_REPLY 10u
/* u32 how many ITEMS frames of the discovery have been stored since the last CREDIT */
#define CARILLON_FRAME_CREDIT 11u
/* Empty body. */
#define CARILLON_FRAME_SHUTDOWN 12u

/* ---- host -> daemon ------------------------------------------------------------------------------------------------ */

/* u32 frames version, u16 ABI major, u16 ABI minor of the host */
#define CARILLON_FRAME_HELLO 64u
/* u16 ABI major, u16 ABI minor of the plugin, u32 which calls it has (CARILLON_HAS_*), str manifest */
#define CARILLON_FRAME_LOADED 65u
/* u32 which rule (CARILLON_REFUSED_*), str message. The host exits. */
#define CARILLON_FRAME_REFUSED 66u
/* u32 is error, str JSON pointer, str message */
#define CARILLON_FRAME_DIAGNOSTIC 67u
/* u32 status */
#define CARILLON_FRAME_CHECKED 68u
/* u32 status, str error */
#define CARILLON_FRAME_CREATED 69u
/* u64 parent item (0: the discovery), u32 count, then for each: i32 priority, u32 key length, u32 payload length, key, payload */
#define CARILLON_FRAME_ITEMS 70u
/* str value. Of the discovery; stands for all ITEMS before it. */
#define CARILLON_FRAME_CHECKPOINT 71u
/* u32 status, str error */
#define CARILLON_FRAME_DISCOVERED 72u
/* u32 count, then for each: u64 item, u32 kind, i64 after us, i64 duration us, u32 lengths of reason, output, effect,
 * dependency, and these four */
#define CARILLON_FRAME_OUTCOMES 73u
/* u32 count, then for each: u64 item, i64 us since it began. Only for items that have been under way for a while. */
#define CARILLON_FRAME_STARTED 74u
/* u64 item (0: the run), str type, str JSON */
#define CARILLON_FRAME_EVENT 75u
/* u64 item (0: the run), u64 bytes, str name, str media type. The file stands in the run's artifact folder already. */
#define CARILLON_FRAME_ARTIFACT 76u
/* u64 item (0: none), u32 level, str message */
#define CARILLON_FRAME_LOG 77u
/* u64 item (0: the discovery), u64 done, u64 total */
#define CARILLON_FRAME_PROGRESS 78u
/* id: names it in the REPLY. u32 what (CARILLON_REQUEST_*), str key, str value */
#define CARILLON_FRAME_REQUEST 79u
/* str JSON */
#define CARILLON_FRAME_REPORT 80u
/* u32 status, str error */
#define CARILLON_FRAME_FINISHED 81u
/* id: of the PING. u32 which call the main thread is in (CARILLON_IN_*), u64 us since it entered it, u32 open items */
#define CARILLON_FRAME_PONG 82u
/* Empty body. The host exits 0. */
#define CARILLON_FRAME_BYE 83u

#define CARILLON_HAS_CHECK 1u
#define CARILLON_HAS_FINISH 2u
#define CARILLON_HAS_CANCEL 4u

#define CARILLON_REQUEST_CHECKPOINT_GET 1u /* key */
#define CARILLON_REQUEST_CHECKPOINT_PUT 2u /* key, value */
#define CARILLON_REQUEST_SECRET 3u         /* key: its name */
#define CARILLON_REQUEST_RESULTS 4u        /* value: u64 cursor, 0 at first */

#define CARILLON_IN_NOTHING 0u
#define CARILLON_IN_LOAD 1u
#define CARILLON_IN_CHECK 2u
#define CARILLON_IN_CREATE 3u
#define CARILLON_IN_DISCOVER 4u
#define CARILLON_IN_PROCESS 5u
#define CARILLON_IN_FINISH 6u
#define CARILLON_IN_DESTROY 7u

/* Which rule a plugin broke, in REFUSED. */
#define CARILLON_REFUSED_PATH 1u     /* the path is not absolute, or nothing is there */
#define CARILLON_REFUSED_FILE 2u     /* not a regular file (symbolic links are followed first) */
#define CARILLON_REFUSED_MODE 3u     /* the file, or its folder, is writable by others than its owner */
#define CARILLON_REFUSED_OWNER 4u    /* owned neither by root nor by the host's user */
#define CARILLON_REFUSED_LOAD 5u     /* dlopen failed; the message is the loader's */
#define CARILLON_REFUSED_ENTRY 6u    /* no carillon_plugin_entry_v1, or it returned NULL */
#define CARILLON_REFUSED_ABI 7u      /* another ABI major, or a struct too small to hold the required calls */
#define CARILLON_REFUSED_MANIFEST 8u /* describe gave nothing usable (the daemon checks the JSON) */

#endif
