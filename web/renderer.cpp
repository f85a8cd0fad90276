// Dear ImGui's renderer, which draws here for nobody but us.
//
// Before each frame it asks WebGL for some twenty values, to put them back afterwards. Each answer
// waits until the driver has done everything it was given, which is most of a frame where the
// drawing is done in software. Nobody else draws into this canvas, so the answers are always those
// of an untouched context.
#include <GLES3/gl3.h>

namespace {

/// glGetIntegerv where it is about what was bound or set; everything else is asked as usual.
void known_integer(GLenum name, GLint* value) {
  switch (name) {
    case GL_CURRENT_PROGRAM:
    case GL_TEXTURE_BINDING_2D:
    case GL_SAMPLER_BINDING:
    case GL_ARRAY_BUFFER_BINDING:
    case GL_VERTEX_ARRAY_BINDING:
    case GL_BLEND_DST_RGB:
    case GL_BLEND_DST_ALPHA:
      *value = 0;  // also GL_ZERO
      return;
    case GL_BLEND_SRC_RGB:
    case GL_BLEND_SRC_ALPHA:
      *value = GL_ONE;
      return;
    case GL_BLEND_EQUATION_RGB:
    case GL_BLEND_EQUATION_ALPHA:
      *value = GL_FUNC_ADD;
      return;
    case GL_ACTIVE_TEXTURE:
      *value = GL_TEXTURE0;
      return;
    case GL_VIEWPORT:  // set anew before each frame
    case GL_SCISSOR_BOX:
      value[0] = value[1] = value[2] = value[3] = 0;
      return;
    default:
      glGetIntegerv(name, value);
  }
}

GLboolean known_switch(GLenum) {
  return GL_FALSE;
}

}  // namespace

#define glGetIntegerv known_integer
#define glIsEnabled known_switch
#include "backends/imgui_impl_opengl3.cpp"  // NOLINT(bugprone-suspicious-include)
