// The quick way for a message of words: the socket, which is open anyway. It saves a request and
// promises nothing: what is not known to be stored goes the ordinary way, with the same id.

const PATIENCE = 4000;
let socket;

export function offerSocket(opened) {
  socket = opened;
}

// True when the server has stored it. A refusal is left to the ordinary way and its words.
export async function sendQuickly({ id, chat, text, files, fields }) {
  if (!socket?.connected || !navigator.onLine || files?.length) return false;
  try {
    const form = { client_id: id, text, reply_to: fields?.reply_to };
    return (await socket.timeout(PATIENCE).emitWithAck("send", chat, form)).ok;
  } catch {
    return false;
  }
}
