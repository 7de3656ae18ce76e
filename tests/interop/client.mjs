// A Matrix client (matrix-js-sdk with its Rust crypto) driven by JSON lines.
//
// stdin:  {"id": 1, "do": "verb", ...arguments, "timeout": 30000}
// stdout: {"id": 1, "ok": true, "result": ...} or {"id": 1, "ok": false, "error": "...", "errcode": "..."|null}
//         {"event": {"kind": ..., ...}} at any time, for the reader's log only
//
// Everything else (the SDK's own log) goes to stderr. NOTES.md lists the verbs.

import { Console } from "node:console";
import { createCipheriv, createDecipheriv, createHash, randomBytes } from "node:crypto";
import { createInterface } from "node:readline";

// The SDK logs through the console: nothing of that may reach stdout.
const LOG_LEVELS = ["trace", "debug", "log", "info", "warn", "error"];
const LOG_LEVEL = process.env.INTEROP_LOG ?? "warn";
globalThis.console = new Console(process.stderr, process.stderr);
for (const level of LOG_LEVELS.slice(0, LOG_LEVELS.indexOf(LOG_LEVEL))) {
    console[level] = () => {};
}

const sdk = await import("matrix-js-sdk");
const {
    AllDevicesIsolationMode,
    CryptoEvent,
    EventShieldColour,
    EventShieldReason,
    OnlySignedDevicesIsolationMode,
    VerificationPhase,
    VerificationRequestEvent,
    VerifierEvent,
    decodeRecoveryKey,
} = await import("matrix-js-sdk/lib/crypto-api/index.js");

const DEFAULT_TIMEOUT_MS = 30_000;
const TIMELINE_LIMIT = 100; // the most that Synapse gives in one sync by default
const SAS = "m.sas.v1";
const NUDGE = "test.interop.nudge"; // a to-device message to ourselves

// --- output -------------------------------------------------------------------------------------------------------

function emit(line, written) {
    process.stdout.write(JSON.stringify(line) + "\n", written);
}

function note(kind, details) {
    emit({ event: { kind, ...details } });
}

process.on("unhandledRejection", (error) => console.error("unhandled rejection", error));

// --- waiting ------------------------------------------------------------------------------------------------------

let wake = Promise.withResolvers();

/** Let every waiting verb look again. */
function changed() {
    const { resolve } = wake;
    wake = Promise.withResolvers();
    resolve();
}

/** Wait until `check` gives something truthy; `describe` says for the time-out's message what is missing. */
async function until(call, describe, check) {
    call.describe = describe;
    while (!call.over) {
        const next = wake.promise; // taken before the check, so that no change is lost
        const found = await check();
        if (found) {
            return found;
        }
        await next;
    }
    throw new Error("nobody waits for this any more");
}

/** Is everything in `wanted` also in `actual`? Objects are compared key by key, anything else for equality. */
function includes(actual, wanted) {
    if (wanted === null || typeof wanted !== "object") {
        return actual === wanted;
    }
    return (
        actual !== null &&
        typeof actual === "object" &&
        Object.entries(wanted).every(([key, value]) => includes(actual[key], value))
    );
}

/** The result of `look`; with `wanted`, as soon as it includes that. */
async function settled(call, wanted, look) {
    if (wanted === undefined) {
        return await look();
    }
    let last;
    const { value } = await until(
        call,
        () => `${JSON.stringify(wanted)} in ${JSON.stringify(last)}`,
        async () => {
            last = await look();
            return includes(last, wanted) && { value: last };
        },
    );
    return value;
}

function required(args, ...names) {
    for (const name of names) {
        if (args[name] === undefined || args[name] === null) {
            throw new Error(`argument ${name} is missing`);
        }
    }
}

// --- session ------------------------------------------------------------------------------------------------------

let client;
let password;
let secretStorageKey; // [key id, private key]
const timelines = new Map(); // room id -> Map of event id -> MatrixEvent, in order of arrival

function crypto() {
    return client.getCrypto();
}

async function login(args, call) {
    required(args, "base_url", "user", "password", "isolation");
    if (client) {
        throw new Error("already logged in");
    }
    const isolationModes = {
        signed: () => new OnlySignedDevicesIsolationMode(),
        all: () => new AllDevicesIsolationMode(false),
    };
    if (!Object.hasOwn(isolationModes, args.isolation)) {
        throw new Error(`isolation is "signed" or "all", not ${JSON.stringify(args.isolation)}`);
    }
    const anonymous = sdk.createClient({ baseUrl: args.base_url });
    const credentials = await anonymous.loginRequest({
        type: "m.login.password",
        identifier: { type: "m.id.user", user: args.user },
        password: args.password,
        initial_device_display_name: args.device_name,
    });
    password = args.password;
    client = sdk.createClient({
        baseUrl: args.base_url,
        userId: credentials.user_id,
        deviceId: credentials.device_id,
        accessToken: credentials.access_token,
        disableVoip: true,
        cryptoCallbacks: {
            getSecretStorageKey: async ({ keys }) =>
                secretStorageKey && secretStorageKey[0] in keys ? secretStorageKey : null,
            cacheSecretStorageKey: (keyId, _info, key) => {
                secretStorageKey = [keyId, key];
            },
        },
    });
    await client.initRustCrypto({ useIndexedDB: false });
    crypto().setDeviceIsolationMode(isolationModes[args.isolation]());

    client.on(sdk.ClientEvent.Event, onEvent);
    client.on(CryptoEvent.VerificationRequestReceived, onVerificationRequest);
    client.on(sdk.RoomEvent.TimelineReset, (room) => note("timeline_reset", { room_id: room?.roomId ?? null }));
    for (const name of [
        sdk.ClientEvent.Room,
        sdk.RoomEvent.MyMembership,
        sdk.RoomStateEvent.Members,
        CryptoEvent.DevicesUpdated,
        CryptoEvent.UserTrustStatusChanged,
        CryptoEvent.KeysChanged,
    ]) {
        client.on(name, changed);
    }
    client.on(sdk.ClientEvent.Sync, (state, previous, data) => {
        if (state !== previous) {
            note("sync", { state, error: data?.error?.message ?? null });
        }
        changed();
    });

    const filter = new sdk.Filter(credentials.user_id);
    filter.setTimelineLimit(TIMELINE_LIMIT);
    await client.startClient({
        filter,
        initialSyncLimit: TIMELINE_LIMIT,
        pendingEventOrdering: sdk.PendingEventOrdering.Detached,
    });
    await until(
        call,
        () => `the first sync (state ${client.getSyncState()})`,
        () => ["PREPARED", "SYNCING"].includes(client.getSyncState()),
    );
    return {
        user_id: credentials.user_id,
        device_id: credentials.device_id,
        crypto_version: crypto().getVersion(),
    };
}

async function stop({ logout = false }) {
    if (client) {
        client.stopClient();
        if (logout) {
            await client.logout();
        }
    }
    return null;
}

/** Any authenticated client-server call as this user, e.g. to set a power level. */
async function request({ method, path, query, body }) {
    return await client.http.authedRequest(method, path, query, body, { prefix: "" });
}

// --- cross-signing and secret storage -----------------------------------------------------------------------------

/** Try without authentication, as is allowed for a first upload, then with the password. */
async function authenticate(makeRequest, secret) {
    try {
        return await makeRequest(null);
    } catch (error) {
        if (error.httpStatus !== 401 || !error.data?.session) {
            throw error;
        }
        return await makeRequest({
            type: "m.login.password",
            identifier: { type: "m.id.user", user: client.getUserId() },
            password: secret,
            session: error.data.session,
        });
    }
}

async function bootstrap(args, call) {
    const { recovery = false, reset = false } = args;
    await crypto().userHasCrossSigningKeys(); // asks the server for our own public keys
    await crypto().bootstrapCrossSigning({
        setupNewCrossSigning: reset,
        authUploadDeviceSigningKeys: (makeRequest) => authenticate(makeRequest, args.password ?? password),
    });
    const result = {};
    if (recovery) {
        const key = await crypto().createRecoveryKeyFromPassphrase();
        await crypto().bootstrapSecretStorage({
            createSecretStorageKey: async () => key,
            setupNewSecretStorage: true,
        });
        result.recovery_key = key.encodedPrivateKey;
    }
    await until(
        call,
        () => "our own device to be signed",
        async () => (await crypto().isCrossSigningReady()) && (await ownDeviceVerified()),
    );
    return { cross_signing_ready: await crypto().isCrossSigningReady(), ...result };
}

async function recover(args, call) {
    required(args, "recovery_key");
    const storage = client.secretStorage;
    const key = decodeRecoveryKey(args.recovery_key);
    const found = await storage.getKey();
    if (!found) {
        throw new Error("the account has no default secret storage key");
    }
    const [keyId, keyInfo] = found;
    if (!(await storage.checkKey(key, keyInfo))) {
        throw new Error("the recovery key does not fit the account's secret storage");
    }
    secretStorageKey = [keyId, key];
    // Without these two checks the SDK would make a new identity instead of reading the old one.
    if (!(await crypto().userHasCrossSigningKeys())) {
        throw new Error("the account has no cross-signing identity");
    }
    if (!(await crypto().getCrossSigningStatus()).privateKeysInSecretStorage) {
        throw new Error("the secret storage does not hold all three cross-signing keys");
    }
    await crypto().bootstrapCrossSigning({
        authUploadDeviceSigningKeys: async () => {
            throw new Error("the SDK wanted to replace the account's identity");
        },
    });
    await crypto().userHasCrossSigningKeys(); // reads back the signature just made
    await until(call, () => "our own device to be signed", ownDeviceVerified);
    const { privateKeysCachedLocally: cached } = await crypto().getCrossSigningStatus();
    return {
        cross_signing_ready: await crypto().isCrossSigningReady(),
        secrets: {
            master: cached.masterKey,
            self_signing: cached.selfSigningKey,
            user_signing: cached.userSigningKey,
        },
        device_verified: await ownDeviceVerified(),
    };
}

async function ownDeviceVerified() {
    const status = await crypto().getDeviceVerificationStatus(client.getUserId(), client.getDeviceId());
    return status !== null && status.signedByOwner && status.crossSigningVerified;
}

function describeDeviceStatus(status) {
    return (
        status && {
            verified: status.isVerified(),
            signed_by_owner: status.signedByOwner,
            cross_signing_verified: status.crossSigningVerified,
            local_verified: status.localVerified,
        }
    );
}

async function deviceStatus(args, call) {
    required(args, "user_id", "device_id");
    return await settled(call, args.until, async () =>
        describeDeviceStatus(await crypto().getDeviceVerificationStatus(args.user_id, args.device_id)),
    );
}

async function userStatus(args, call) {
    required(args, "user_id");
    const userId = args.user_id;
    return await settled(call, args.until, async () => {
        const status = await crypto().getUserVerificationStatus(userId);
        const keys = await crypto().getUserCrossSigningKeys(userId);
        const known = (await crypto().getUserDeviceInfo([userId], true)).get(userId) ?? new Map();
        const devices = {};
        for (const [deviceId, device] of known) {
            devices[deviceId] = {
                display_name: device.displayName ?? null,
                ed25519: device.getFingerprint() ?? null,
                curve25519: device.getIdentityKey() ?? null,
                status: describeDeviceStatus(await crypto().getDeviceVerificationStatus(userId, deviceId)),
            };
        }
        const publicKey = (key) => (key ? Object.values(key.keys)[0] : null);
        return {
            known: status.known,
            verified: status.isVerified(),
            was_verified: status.wasCrossSigningVerified(),
            needs_approval: status.needsUserApproval,
            master_key: publicKey(keys?.master_key),
            self_signing_key: publicKey(keys?.self_signing_key),
            devices,
        };
    });
}

// --- rooms --------------------------------------------------------------------------------------------------------

function describeRoom(roomId) {
    const room = client.getRoom(roomId);
    return room ? `room ${roomId} (here: ${room.getMyMembership()})` : `room ${roomId} (here: unknown)`;
}

/** The room once the sync has brought us in: before that the SDK would send without encryption. */
async function joinedRoom(call, roomId) {
    return await until(
        call,
        () => `being in ${describeRoom(roomId)}`,
        () => {
            const room = client.getRoom(roomId);
            return room?.getMyMembership() === "join" && room;
        },
    );
}

async function createRoom(args, call) {
    const { invite = [], encrypted = true, direct = false, version, name, preset } = args;
    const created = await client.createRoom({
        preset: preset ?? (direct ? "trusted_private_chat" : "private_chat"),
        is_direct: direct,
        invite,
        name,
        room_version: version,
        initial_state: encrypted
            ? [{ type: "m.room.encryption", state_key: "", content: { algorithm: "m.megolm.v1.aes-sha2" } }]
            : [],
    });
    const roomId = created.room_id;
    await joinedRoom(call, roomId);
    if (encrypted) {
        await until(
            call,
            () => `encryption in room ${roomId}`,
            () => crypto().isEncryptionEnabledInRoom(roomId),
        );
    }
    if (direct) {
        const rooms = { ...client.getAccountData("m.direct")?.getContent() };
        for (const userId of invite) {
            rooms[userId] = [...(rooms[userId] ?? []), roomId];
        }
        await client.setAccountData("m.direct", rooms);
    }
    return roomId;
}

async function join({ room_id: roomId, via }, call) {
    await client.joinRoom(roomId, { viaServers: via });
    return (await joinedRoom(call, roomId)).roomId;
}

async function leave({ room_id: roomId }, call) {
    await client.leave(roomId);
    await until(
        call,
        () => `having left ${describeRoom(roomId)}`,
        () => client.getRoom(roomId)?.getMyMembership() === "leave",
    );
    return null;
}

async function invite(args, call) {
    required(args, "room_id", "user_id");
    const room = await joinedRoom(call, args.room_id);
    await client.invite(args.room_id, args.user_id);
    await until(
        call,
        () => `${args.user_id} in ${args.room_id}`,
        () => ["invite", "join"].includes(room.getMember(args.user_id)?.membership),
    );
    return null;
}

async function waitInvite({ sender, room_id: roomId }, call) {
    const room = await until(
        call,
        () => `an invitation${sender ? ` from ${sender}` : ""}`,
        () =>
            client
                .getRooms()
                .find(
                    (candidate) =>
                        candidate.getMyMembership() === "invite" &&
                        (roomId === undefined || candidate.roomId === roomId) &&
                        (sender === undefined || inviter(candidate) === sender),
                ),
    );
    return { room_id: room.roomId, sender: inviter(room), direct: Boolean(room.getDMInviter()) };
}

function inviter(room) {
    return room.getMember(client.getUserId())?.events.member?.getSender() ?? null;
}

async function members({ room_id: roomId, until: wanted }, call) {
    return await settled(call, wanted, () => {
        const known = client.getRoom(roomId)?.getMembers() ?? [];
        return Object.fromEntries(known.map((member) => [member.userId, member.membership]));
    });
}

// --- timeline -----------------------------------------------------------------------------------------------------

function onEvent(event) {
    const roomId = event.getRoomId();
    const eventId = event.getId();
    if (!roomId || !eventId?.startsWith("$")) {
        return; // account data, receipts, typing, presence, stripped state of an invitation
    }
    if (!timelines.has(roomId)) {
        timelines.set(roomId, new Map());
    }
    const timeline = timelines.get(roomId);
    if (timeline.has(eventId)) {
        return;
    }
    timeline.set(eventId, event);
    event.on(sdk.MatrixEventEvent.Decrypted, () => {
        note("decrypted", { room_id: roomId, event_id: eventId, failure: event.decryptionFailureReason });
        changed();
    });
    note("timeline", { room_id: roomId, event_id: eventId, type: event.getType(), sender: event.getSender() });
    void client.decryptEventIfNeeded(event); // the SDK leaves most events alone until somebody looks at them
    changed();
}

/** The SDK's own copy when it has one: edits and redactions are applied to that. */
function currentCopy(event) {
    return client.getRoom(event.getRoomId())?.findEventById(event.getId()) ?? event;
}

async function describeEvent(arrived) {
    const event = currentCopy(arrived);
    const info = event.isEncrypted() ? await crypto().getEncryptionInfoForEvent(event) : null;
    return {
        event_id: event.getId(),
        room_id: event.getRoomId(),
        sender: event.getSender(),
        type: event.getType(),
        state_key: event.getStateKey() ?? null,
        content: event.getOriginalContent(),
        ts: event.getTs(),
        encrypted: event.isEncrypted(),
        shield: info && {
            colour: EventShieldColour[info.shieldColour],
            reason: info.shieldReason === null ? null : EventShieldReason[info.shieldReason],
        },
        decryption_failure: event.decryptionFailureReason,
        redacted: event.isRedacted(),
        replaced_by: event.replacingEventId() ?? null,
    };
}

function eventsOf(roomId, afterEvent) {
    const timeline = timelines.get(roomId) ?? new Map();
    const events = [...timeline.values()];
    if (afterEvent === undefined) {
        return events;
    }
    const position = [...timeline.keys()].indexOf(afterEvent);
    return position < 0 ? [] : events.slice(position + 1);
}

function stillEncrypted(event) {
    return event.isEncrypted() && !event.isRedacted() && event.getClearContent() === null;
}

function matchesEvent(event, args) {
    const body = event.getOriginalContent().body;
    return (
        (args.event_id === undefined || event.getId() === args.event_id) &&
        (args.sender === undefined || event.getSender() === args.sender) &&
        (args.type === undefined || event.getType() === args.type) &&
        (args.state_key === undefined || event.getStateKey() === args.state_key) &&
        (args.contains === undefined || (typeof body === "string" && body.includes(args.contains))) &&
        (args.content === undefined || includes(event.getOriginalContent(), args.content))
    );
}

async function waitEvent(args, call) {
    required(args, "room_id");
    const found = await until(
        call,
        () => {
            const { room_id: roomId, timeout: _timeout, id: _id, do: _do, ...wanted } = args;
            const seen = eventsOf(roomId, args.after_event).map((event) => {
                const state = stillEncrypted(event) ? "not decrypted yet" : event.decryptionFailureReason;
                return `${event.getId()} ${event.getType()} ${event.getSender()}${state ? ` (${state})` : ""}`;
            });
            return `an event with ${JSON.stringify(wanted)} in ${describeRoom(roomId)}; seen: ${seen.join(", ") || "none"}`;
        },
        () =>
            eventsOf(args.room_id, args.after_event)
                .map(currentCopy)
                .find((event) => {
                    if (stillEncrypted(event)) {
                        return false;
                    }
                    const failure = event.decryptionFailureReason;
                    const acceptable =
                        args.failure === undefined ? failure === null || args.allow_failed : failure === args.failure;
                    return acceptable && matchesEvent(event, args);
                }),
    );
    return await describeEvent(found);
}

async function events(args) {
    required(args, "room_id");
    return await Promise.all(eventsOf(args.room_id).map(describeEvent));
}

async function knownEvent(call, roomId, eventId) {
    const event = await until(
        call,
        () => `event ${eventId} in ${describeRoom(roomId)}`,
        () => {
            const arrived = timelines.get(roomId)?.get(eventId);
            return arrived && !stillEncrypted(currentCopy(arrived)) && arrived;
        },
    );
    return currentCopy(event);
}

async function sendEvent(call, roomId, type, content) {
    await joinedRoom(call, roomId);
    const sent = await client.sendEvent(roomId, null, type, content);
    return sent.event_id;
}

async function send(args, call) {
    required(args, "room_id");
    const { type = "m.room.message", msgtype = "m.text", body, content } = args;
    if (body === undefined && content === undefined) {
        throw new Error("give a body or a content");
    }
    return await sendEvent(call, args.room_id, type, body === undefined ? content : { msgtype, body, ...content });
}

async function react(args, call) {
    required(args, "room_id", "event_id", "key");
    return await sendEvent(call, args.room_id, "m.reaction", {
        "m.relates_to": { rel_type: "m.annotation", event_id: args.event_id, key: args.key },
    });
}

async function redact(args, call) {
    required(args, "room_id", "event_id");
    await joinedRoom(call, args.room_id);
    const sent = await client.redactEvent(args.room_id, args.event_id, undefined, { reason: args.reason });
    return sent.event_id;
}

async function typing({ room_id: roomId, typing: isTyping = true, duration = 20_000 }) {
    await client.sendTyping(roomId, isTyping, duration);
    return null;
}

async function readReceipt(args, call) {
    required(args, "room_id", "event_id");
    await client.sendReadReceipt(await knownEvent(call, args.room_id, args.event_id));
    return null;
}

// --- files --------------------------------------------------------------------------------------------------------

const unpadded = (bytes) => bytes.toString("base64").replace(/=+$/, "");
const sha256 = (bytes) => unpadded(createHash("sha256").update(bytes).digest());

/** The `file` of an encrypted attachment (spec: "Sending encrypted attachments"), without its url. */
function encryptAttachment(plain) {
    const key = randomBytes(32);
    const iv = Buffer.concat([randomBytes(8), Buffer.alloc(8)]);
    const cipher = createCipheriv("aes-256-ctr", key, iv);
    const data = Buffer.concat([cipher.update(plain), cipher.final()]);
    return {
        data,
        file: {
            v: "v2",
            key: { kty: "oct", key_ops: ["encrypt", "decrypt"], alg: "A256CTR", ext: true, k: key.toString("base64url") },
            iv: unpadded(iv),
            hashes: { sha256: sha256(data) },
        },
    };
}

function decryptAttachment(data, file) {
    if (file.v !== "v2" || file.key.alg !== "A256CTR") {
        throw new Error(`unknown attachment encryption ${file.v} ${file.key.alg}`);
    }
    if (sha256(data) !== file.hashes.sha256.replace(/=+$/, "")) {
        throw new Error("the attachment's hash does not fit");
    }
    const decipher = createDecipheriv("aes-256-ctr", Buffer.from(file.key.k, "base64url"), Buffer.from(file.iv, "base64"));
    return Buffer.concat([decipher.update(data), decipher.final()]);
}

async function sendFile(args, call) {
    required(args, "room_id", "name", "mime", "data_base64");
    const { room_id: roomId, name, mime, msgtype = "m.file", content } = args;
    await joinedRoom(call, roomId);
    const plain = Buffer.from(args.data_base64, "base64");
    let where;
    if (await crypto().isEncryptionEnabledInRoom(roomId)) {
        const { data, file } = encryptAttachment(plain);
        const uploaded = await client.uploadContent(data, {
            type: "application/octet-stream",
            includeFilename: false,
        });
        where = { file: { ...file, url: uploaded.content_uri } };
    } else {
        const uploaded = await client.uploadContent(plain, { type: mime, name });
        where = { url: uploaded.content_uri };
    }
    return await sendEvent(call, roomId, "m.room.message", {
        msgtype,
        body: name,
        filename: name,
        info: { mimetype: mime, size: plain.length },
        ...where,
        ...content,
    });
}

async function fetchFile(args, call) {
    required(args, "room_id", "event_id");
    const event = await knownEvent(call, args.room_id, args.event_id);
    const content = event.getOriginalContent();
    const uri = content.file?.url ?? content.url;
    if (typeof uri !== "string") {
        throw new Error(`event ${args.event_id} has no file (${event.decryptionFailureReason ?? "not a file message"})`);
    }
    const url = client.mxcUrlToHttp(uri, undefined, undefined, undefined, false, true, true);
    if (!url) {
        throw new Error(`not a content address: ${uri}`);
    }
    const response = await fetch(url, {
        headers: { Authorization: `Bearer ${client.getAccessToken()}` },
        signal: call.signal,
    });
    const data = Buffer.from(await response.arrayBuffer());
    if (!response.ok) {
        throw new Error(`download failed: ${response.status} ${data.toString("utf8", 0, 200)}`);
    }
    const plain = content.file ? decryptAttachment(data, content.file) : data;
    return { data_base64: plain.toString("base64"), encrypted: Boolean(content.file), content };
}

// --- verification -------------------------------------------------------------------------------------------------
// The SDK holds requests and verifiers only weakly: keep them, or they stop reporting changes.

const incoming = []; // verifications that others asked for and nobody took yet
const partners = new Set(); // users with whom there was a verification
let verification; // the one that the verify_* verbs speak of

function watch(request) {
    partners.add(request.otherUserId);
    const watched = { request, verifier: undefined };
    request.on(VerificationRequestEvent.Change, () => {
        const { phase, cancel_code } = describeVerification(watched);
        note("verification", { transaction_id: request.transactionId ?? null, phase, cancel_code });
        changed();
    });
    return watched;
}

function onVerificationRequest(request) {
    incoming.push(watch(request));
    note("verification_request", { sender: request.otherUserId, room_id: request.roomId ?? null });
    changed();
}

function currentVerification() {
    if (!verification) {
        throw new Error("no verification: verify_request or verify_accept comes first");
    }
    return verification;
}

// Both getters throw between the Rust side's step into "started" and the SDK's notice of it.
function phaseOf(request) {
    try {
        return request.phase;
    } catch {
        return VerificationPhase.Started;
    }
}

function verifierOf(request) {
    try {
        return request.verifier;
    } catch {
        return undefined;
    }
}

function sasOf({ verifier }) {
    return verifier?.getShowSasCallbacks() ?? null;
}

function describeVerification(watched) {
    const { request } = watched;
    return {
        phase: VerificationPhase[phaseOf(request)].toLowerCase(),
        transaction_id: request.transactionId ?? null,
        room_id: request.roomId ?? null,
        user_id: request.otherUserId,
        device_id: request.otherDeviceId ?? null,
        initiated_by_me: request.initiatedByMe,
        cancel_code: request.cancellationCode,
        cancelled_by: request.cancellingUserId ?? null,
        sas: sasOf(watched)?.sas ?? null,
    };
}

/** Like `until`, but fails as soon as the verification is cancelled. */
async function untilVerified(call, watched, describe, check) {
    return await until(
        call,
        () => `${describe} in ${JSON.stringify(describeVerification(watched))}`,
        async () => {
            if (phaseOf(watched.request) === VerificationPhase.Cancelled) {
                const { cancel_code: code, cancelled_by: by } = describeVerification(watched);
                throw new Error(`verification cancelled by ${by} with ${code}`);
            }
            return await check();
        },
    );
}

/**
 * The Rust side forgets an ended verification only with the next sync, and until then it cancels any new one with the
 * same user. Have one more sync: the one that brings a message to ourselves.
 */
async function forgetEndedVerifications(call) {
    const token = randomBytes(8).toString("hex");
    let arrived = false;
    const listen = ({ message }) => {
        if (message.type === NUDGE && message.content.token === token) {
            arrived = true;
            changed();
        }
    };
    client.on(sdk.ClientEvent.ReceivedToDeviceMessage, listen);
    try {
        const content = new Map([[client.getUserId(), new Map([[client.getDeviceId(), { token }]])]]);
        await client.sendToDevice(NUDGE, content);
        await until(
            call,
            () => "one more sync",
            () => arrived,
        );
    } finally {
        client.off(sdk.ClientEvent.ReceivedToDeviceMessage, listen);
    }
}

async function verifyRequest(args, call) {
    required(args, "user_id");
    const { user_id: userId, room_id: roomId, device_id: deviceId } = args;
    if (partners.has(userId)) {
        await forgetEndedVerifications(call);
    }
    let request;
    if (roomId !== undefined) {
        await joinedRoom(call, roomId);
        await until(
            call,
            () => `the cross-signing identity of ${userId}`,
            async () => (await crypto().getUserVerificationStatus(userId)).known,
        );
        request = await crypto().requestVerificationDM(userId, roomId);
    } else if (deviceId !== undefined) {
        await until(
            call,
            () => `device ${deviceId} of ${userId}`,
            () => crypto().getDeviceVerificationStatus(userId, deviceId),
        );
        request = await crypto().requestDeviceVerification(userId, deviceId);
    } else if (userId === client.getUserId()) {
        request = await crypto().requestOwnUserVerification();
    } else {
        throw new Error("another user's verification needs a room_id or a device_id");
    }
    verification = watch(request);
    if (phaseOf(request) === VerificationPhase.Cancelled) {
        throw new Error(`cancelled at once: another verification with ${userId} is going on`);
    }
    return describeVerification(verification);
}

async function verifyAccept({ user_id: userId, room_id: roomId }, call) {
    const position = await until(
        call,
        () => "a verification request from somebody else",
        () => {
            const found = incoming.findIndex(
                ({ request }) =>
                    phaseOf(request) === VerificationPhase.Requested &&
                    (userId === undefined || request.otherUserId === userId) &&
                    (roomId === undefined || request.roomId === roomId),
            );
            return found >= 0 && { found };
        },
    );
    [verification] = incoming.splice(position.found, 1);
    await verification.request.accept();
    return describeVerification(verification);
}

async function verifySas({ start = false }, call) {
    const watched = currentVerification();
    const { request } = watched;
    if (start) {
        await untilVerified(call, watched, "ready", () => phaseOf(request) >= VerificationPhase.Ready);
    }
    if (start && phaseOf(request) === VerificationPhase.Ready) {
        watched.verifier = await request.startVerification(SAS);
    } else {
        watched.verifier = await untilVerified(call, watched, "the other side's start", () => verifierOf(request));
    }
    watched.verifier.on(VerifierEvent.ShowSas, changed);
    watched.verifier.verify().catch((error) => note("verification_failed", { error: error.message }));
    const { sas } = await untilVerified(call, watched, "the emoji", () => sasOf(watched));
    return { emoji: sas.emoji ?? null, decimal: sas.decimal ?? null };
}

function shownSas() {
    const callbacks = sasOf(currentVerification());
    if (!callbacks) {
        throw new Error("no emoji shown: verify_sas comes first");
    }
    return callbacks;
}

async function verifyConfirm() {
    await shownSas().confirm();
    return describeVerification(verification);
}

async function verifyMismatch(_args, call) {
    shownSas().mismatch();
    return await cancelled(call);
}

async function verifyCancel(_args, call) {
    await currentVerification().request.cancel();
    return await cancelled(call);
}

async function cancelled(call) {
    return await settled(call, { phase: "cancelled" }, () => describeVerification(verification));
}

async function verifyState({ until: wanted }, call) {
    const watched = currentVerification();
    if (wanted?.phase !== undefined && wanted.phase !== "cancelled") {
        await untilVerified(call, watched, wanted.phase, () => includes(describeVerification(watched), wanted));
    }
    return await settled(call, wanted, () => describeVerification(watched));
}

// --- requests -----------------------------------------------------------------------------------------------------

const verbs = {
    login,
    bootstrap,
    recover,
    create_room: createRoom,
    join,
    leave,
    invite,
    wait_invite: waitInvite,
    members,
    send,
    send_file: sendFile,
    fetch_file: fetchFile,
    wait_event: waitEvent,
    events,
    react,
    redact,
    typing,
    read_receipt: readReceipt,
    device_status: deviceStatus,
    user_status: userStatus,
    verify_request: verifyRequest,
    verify_accept: verifyAccept,
    verify_sas: verifySas,
    verify_confirm: verifyConfirm,
    verify_mismatch: verifyMismatch,
    verify_cancel: verifyCancel,
    verify_state: verifyState,
    request,
    stop,
};

async function perform(args) {
    if (!Object.hasOwn(verbs, args.do)) {
        throw new Error(`unknown verb ${JSON.stringify(args.do)}`);
    }
    if (!client && !["login", "stop"].includes(args.do)) {
        throw new Error("not logged in");
    }
    const ms = args.timeout ?? DEFAULT_TIMEOUT_MS;
    const timeout = new AbortController();
    const call = { signal: timeout.signal, over: false, describe: () => "the server" };
    const expired = Promise.withResolvers();
    const timer = setTimeout(() => {
        expired.reject(new Error(`${args.do}: timed out after ${ms} ms, waiting for ${call.describe()}`));
        timeout.abort();
    }, ms);
    try {
        return await Promise.race([verbs[args.do](args, call), expired.promise]);
    } finally {
        call.over = true;
        clearTimeout(timer);
        changed(); // lets a loop that nobody waits for end
    }
}

async function answer(line) {
    let id = null;
    try {
        const args = JSON.parse(line);
        id = args.id ?? null;
        const result = await perform(args);
        const leaving = args.do === "stop";
        emit({ id, ok: true, result: result ?? null }, leaving ? () => process.exit(0) : undefined);
    } catch (error) {
        console.error(error);
        emit({ id, ok: false, error: error?.message ?? String(error), errcode: error?.errcode ?? null });
    }
}

const lines = createInterface({ input: process.stdin, crlfDelay: Infinity });
lines.on("line", (line) => void answer(line));
lines.on("close", () => {
    client?.stopClient();
    process.exit(0);
});
note("ready", { node: process.version });
