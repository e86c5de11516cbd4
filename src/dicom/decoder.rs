//! JPEG and JPEG 2000 are decoded in a limited child process of our own binary, so that a crafted
//! picture can neither crash, hang nor fill the program that opens it.
//!
//! Parent and child speak over the child's stdin and stdout, numbers little endian:
//! a request is `coding u8, precision u8, components u8, 0 u8, width u32, height u32, length u32, bytes`;
//! a reply is `status u8, length u32, bytes` — samples of one or two bytes, or a message.

use std::borrow::Cow;
use std::io::{self, BufReader, BufWriter, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, ExitCode, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use dicom_encoding::adapters::{PixelDataObject, PixelDataReader, RawPixelData};
use dicom_encoding::transfer_syntax::Codec;
use dicom_transfer_syntax_registry::entries;

use super::codestream::{Coding, Picture};
use super::fault::Fault;

/// Address space of the child.
const MEMORY: u64 = 768 << 20;
/// Seconds for a small picture; large ones get a second more per megapixel.
const SECONDS: u64 = 4;
/// Seconds of processor time after which a child is worn out.
const LIFETIME: u64 = 900;
/// No compressed or decoded frame is larger.
pub(super) const LARGEST_FRAME: u64 = 256 << 20;
/// The verb by which the binary knows that it is the child.
pub const VERB: &str = "__decode";

static IDLE: Mutex<Vec<Worker>> = Mutex::new(Vec::new());

/// Decodes one frame to little-endian samples of one (up to 8 bits) or two bytes. The caller has
/// compared `picture` with the header.
pub(super) fn decode(coding: Coding, picture: Picture, stream: &[u8]) -> Result<Vec<u8>, Fault> {
    let idle = IDLE.lock().unwrap_or_else(PoisonError::into_inner).pop();
    let answer = match idle.map(|worker| worker.ask(coding, picture, stream)) {
        // None was idle, or it died: it may have been worn out by others' pictures.
        None | Some(Err(Gone::Died)) => Worker::start()?.ask(coding, picture, stream),
        Some(answer) => answer,
    };
    match answer {
        Ok(reply) => reply,
        Err(Gone::Slow) => Err(Fault::Decoder("it took too long".into())),
        Err(Gone::Died) => Err(Fault::Decoder("the picture made it fail".into())),
    }
}

/// Why a worker is no more.
enum Gone {
    Died,
    Slow,
}

struct Worker {
    child: Child,
    requests: BufWriter<ChildStdin>,
    replies: Receiver<(u8, Vec<u8>)>,
}

impl Worker {
    fn start() -> Result<Self, Fault> {
        Self::of(&program().ok_or(Fault::NoDecoder)?)
    }

    fn of(program: &Path) -> Result<Self, Fault> {
        let mut child = Command::new(program)
            .arg(VERB)
            // Threads and their arenas would count against the child's address space.
            .env("RAYON_NUM_THREADS", "1")
            .env("MALLOC_ARENA_MAX", "1")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|_| Fault::NoDecoder)?;
        let (Some(requests), Some(stdout)) = (child.stdin.take(), child.stdout.take()) else {
            return Err(Fault::NoDecoder);
        };
        let (send, replies) = channel();
        std::thread::Builder::new()
            .name("decoder replies".into())
            .spawn(move || {
                let mut stdout = BufReader::new(stdout);
                while let Ok(reply) = read_reply(&mut stdout) {
                    if send.send(reply).is_err() {
                        break;
                    }
                }
            })
            .map_err(|_| Fault::NoDecoder)?;
        Ok(Self { child, requests: BufWriter::new(requests), replies })
    }

    fn ask(
        mut self,
        coding: Coding,
        picture: Picture,
        stream: &[u8],
    ) -> Result<Result<Vec<u8>, Fault>, Gone> {
        let Picture { width, height, precision, components } = picture;
        let pixels = u64::from(width) * u64::from(height);
        let expected = pixels * u64::from(components) * sample_bytes(precision) as u64;
        if stream.len() as u64 > LARGEST_FRAME || expected > LARGEST_FRAME {
            self.retire();
            let limit = LARGEST_FRAME >> 20;
            return Ok(Err(Fault::ImageTooLarge { size: expected >> 20, limit }));
        }
        let sent = write_request(&mut self.requests, coding, picture, stream);
        if sent.is_err() {
            self.kill();
            return Err(Gone::Died);
        }
        let patience = Duration::from_secs(SECONDS + (pixels >> 20));
        let (status, bytes) = match self.replies.recv_timeout(patience) {
            Ok(reply) => reply,
            Err(gone) => {
                self.kill();
                return Err(match gone {
                    RecvTimeoutError::Timeout => Gone::Slow,
                    RecvTimeoutError::Disconnected => Gone::Died,
                });
            }
        };
        self.retire();
        Ok(match status {
            0 if bytes.len() as u64 == expected => Ok(bytes),
            0 => Err(Fault::Decoder("the picture has another size than it says".into())),
            _ => Err(Fault::Codestream(super::charset::clean(&String::from_utf8_lossy(&bytes)))),
        })
    }

    /// Back to the others who wait for work.
    fn retire(self) {
        IDLE.lock().unwrap_or_else(PoisonError::into_inner).push(self);
    }

    fn kill(mut self) {
        // Both fail only when the child has already ended.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The bonescope binary: this program; for a test, the one built beside it; or as told.
fn program() -> Option<PathBuf> {
    if let Some(told) = std::env::var_os("BONESCOPE_DECODER") {
        return Some(told.into());
    }
    let name = format!("bonescope{}", std::env::consts::EXE_SUFFIX);
    let this = std::env::current_exe().ok()?;
    let folder = this.parent()?;
    let ours = this.file_name()?.to_string_lossy().starts_with("bonescope");
    if ours && !folder.ends_with("deps") {
        return Some(this);
    }
    this.ancestors().skip(1).take(3).map(|folder| folder.join(&name)).find(|p| p.is_file())
}

fn sample_bytes(precision: u8) -> usize {
    if precision <= 8 { 1 } else { 2 }
}

fn write_request(
    out: &mut impl Write,
    coding: Coding,
    picture: Picture,
    stream: &[u8],
) -> io::Result<()> {
    let kind = if coding == Coding::Jpeg2000 { 1 } else { 0 };
    out.write_all(&[kind, picture.precision, picture.components.min(255) as u8, 0])?;
    for number in [picture.width, picture.height, stream.len() as u32] {
        out.write_all(&number.to_le_bytes())?;
    }
    out.write_all(stream)?;
    out.flush()
}

fn read_reply(input: &mut impl Read) -> io::Result<(u8, Vec<u8>)> {
    let mut head = [0; 5];
    input.read_exact(&mut head)?;
    let [status, length @ ..] = head;
    let length = u32::from_le_bytes(length);
    if u64::from(length) > LARGEST_FRAME {
        return Err(io::ErrorKind::InvalidData.into());
    }
    let mut bytes = vec![0; length as usize];
    input.read_exact(&mut bytes)?;
    Ok((status, bytes))
}

/// The child's whole life: limits itself, then answers requests until its stdin ends.
pub fn decode_child() -> ExitCode {
    limit();
    let mut input = BufReader::new(io::stdin().lock());
    let mut output = BufWriter::new(io::stdout().lock());
    while let Ok(request) = Request::read(&mut input) {
        let decoded = std::panic::catch_unwind(|| request.decode())
            .unwrap_or_else(|_| Err("the decoder failed on it".to_owned()));
        let (status, bytes) = match decoded {
            Ok(bytes) => (0, bytes),
            Err(message) => (1, message.into_bytes()),
        };
        let sent = output
            .write_all(&[status])
            .and_then(|()| output.write_all(&(bytes.len() as u32).to_le_bytes()))
            .and_then(|()| output.write_all(&bytes))
            .and_then(|()| output.flush());
        if sent.is_err() {
            return ExitCode::FAILURE;
        }
    }
    ExitCode::SUCCESS
}

/// A process may always lower its own limits; where that fails the parent's clock remains.
fn limit() {
    #[cfg(unix)]
    {
        use rlimit::{Resource, setrlimit};
        let limits = [
            (Resource::AS, MEMORY),
            (Resource::CPU, LIFETIME),
            (Resource::CORE, 0),
            (Resource::FSIZE, 0),
        ];
        for (resource, most) in limits {
            let _ = setrlimit(resource, most, most);
        }
    }
}

/// One picture, in the guise of the DICOM object that dicom-rs's decoders want to see.
struct Request {
    jpeg2000: bool,
    precision: u8,
    components: u8,
    width: u32,
    height: u32,
    stream: Vec<u8>,
}

impl Request {
    fn read(input: &mut impl Read) -> io::Result<Self> {
        let mut head = [0; 16];
        input.read_exact(&mut head)?;
        let [kind, precision, components, _, numbers @ ..] = head;
        let (numbers, _) = numbers.as_chunks::<4>();
        let number = |i: usize| u32::from_le_bytes(numbers[i]);
        let mut stream = vec![0; number(2) as usize];
        input.read_exact(&mut stream)?;
        let (jpeg2000, width, height) = (kind == 1, number(0), number(1));
        Ok(Self { jpeg2000, precision, components, width, height, stream })
    }

    fn decode(&self) -> Result<Vec<u8>, String> {
        let mut samples = Vec::new();
        if self.jpeg2000 {
            run(entries::JPEG_2000_IMAGE_COMPRESSION.codec(), self, &mut samples)?;
        } else {
            run(entries::JPEG_EXTENDED.codec(), self, &mut samples)?;
        }
        Ok(samples)
    }
}

fn run<D, R: PixelDataReader, W>(
    codec: &Codec<D, R, W>,
    request: &Request,
    samples: &mut Vec<u8>,
) -> Result<(), String> {
    match codec {
        Codec::EncapsulatedPixelData(Some(reader), _) => {
            reader.decode_frame(request, 0, samples).map_err(|error| error.to_string())
        }
        _ => Err("this build has no decoder for it".to_owned()),
    }
}

impl PixelDataObject for Request {
    fn transfer_syntax_uid(&self) -> &str {
        if self.jpeg2000 {
            entries::JPEG_2000_IMAGE_COMPRESSION.uid()
        } else {
            entries::JPEG_EXTENDED.uid()
        }
    }

    fn rows(&self) -> Option<u16> {
        u16::try_from(self.height).ok()
    }

    fn cols(&self) -> Option<u16> {
        u16::try_from(self.width).ok()
    }

    fn samples_per_pixel(&self) -> Option<u16> {
        Some(self.components.into())
    }

    fn bits_allocated(&self) -> Option<u16> {
        Some(8 * sample_bytes(self.precision) as u16)
    }

    fn bits_stored(&self) -> Option<u16> {
        Some(self.precision.into())
    }

    fn photometric_interpretation(&self) -> Option<&str> {
        Some(if self.components == 1 { "MONOCHROME2" } else { "RGB" })
    }

    fn number_of_frames(&self) -> Option<u32> {
        Some(1)
    }

    fn number_of_fragments(&self) -> Option<u32> {
        Some(1)
    }

    fn fragment(&self, fragment: usize) -> Option<Cow<'_, [u8]>> {
        (fragment == 0).then_some(Cow::Borrowed(&self.stream))
    }

    fn offset_table(&self) -> Option<Cow<'_, [u32]>> {
        Some(Cow::Borrowed(&[]))
    }

    fn raw_pixel_data(&self) -> Option<RawPixelData> {
        Some(RawPixelData {
            fragments: vec![self.stream.clone()].into(),
            offset_table: Vec::new().into(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_arrive_as_they_were_sent() {
        let picture = Picture { width: 3, height: 2, components: 1, precision: 12 };
        let mut wire = Vec::new();
        write_request(&mut wire, Coding::Jpeg2000, picture, &[1, 2, 3]).unwrap();
        let request = Request::read(&mut wire.as_slice()).unwrap();
        assert!(request.jpeg2000);
        assert_eq!((request.width, request.height, request.precision), (3, 2, 12));
        assert_eq!(request.components, 1);
        assert_eq!(request.stream, [1, 2, 3]);
        assert!(Request::read(&mut &wire[..wire.len() - 1]).is_err());
    }

    /// `false` ends at once, `yes` answers with nonsense for ever.
    #[cfg(unix)]
    #[test]
    fn a_child_that_dies_or_babbles_is_an_error_and_not_a_wait() {
        let picture = Picture { width: 8, height: 8, components: 1, precision: 12 };
        for program in ["false", "yes"] {
            let worker = Worker::of(Path::new(program)).unwrap();
            let answer = worker.ask(Coding::Jpeg2000, picture, &[0; 100_000]);
            assert!(matches!(answer, Err(Gone::Died)), "{program}");
        }
    }
}
