/* Converts full buffers to Blobs in a worker, since the browser copies the bytes to another process. */

self.onmessage = ({ data: { place, buffer, length } }) => {
  self.postMessage({ place, buffer, blob: new Blob([new Uint8Array(buffer, 0, length)]) }, { transfer: [buffer] });
};
